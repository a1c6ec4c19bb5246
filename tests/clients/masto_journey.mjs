// A person's day with masto.js: login, home, a post with picture and poll, notifications, lists,
// filters, streams. Run by test_masto_js.py; each line printed is one finished step, as JSON.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline/promises";

const [packages, origin, picture] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } = require("masto");
const terminal = createInterface({ input: process.stdin });
const lines = terminal[Symbol.asyncIterator]();
const say = (step, more = {}) => console.log(JSON.stringify({ step, ...more }));
const told = async () => JSON.parse((await lines.next()).value);

async function eventually(look) {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `did not happen in time: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function login() {
  const redirectUri = "urn:ietf:wg:oauth:2.0:oob";
  const scope = "read write follow push";
  const anybody = createRestAPIClient({ url: origin });
  const app = await anybody.v1.apps.create({
    clientName: "masto.js", redirectUris: redirectUri, scopes: scope,
  });
  const asked = new URLSearchParams({
    response_type: "code", client_id: app.clientId, redirect_uri: redirectUri, scope,
  });
  say("authorize", { url: `${origin}/oauth/authorize?${asked}` });
  const { code } = await told();
  const token = await createOAuthAPIClient({ url: origin }).token.create({
    grantType: "authorization_code", clientId: app.clientId, clientSecret: app.clientSecret,
    redirectUri, code, scope,
  });
  return token.accessToken;
}

const accessToken = await login();
const masto = createRestAPIClient({ url: origin, accessToken });
const me = await masto.v1.accounts.verifyCredentials();
assert.equal(me.username, "ada");
const instance = await masto.v2.instance.fetch();
assert.equal(instance.apiVersions.mastodon, 7);
say("login", { id: me.id });

const streams = createStreamingAPIClient({
  streamingApiUrl: instance.configuration.urls.streaming, accessToken,
});
const heard = [];
const listening = (async () => {
  for await (const event of streams.user.subscribe()) heard.push(event);
})();
// What another person does is told by the test when asked for.
await eventually(async () => {
  say("post for the stream");
  await told();
  return heard.some((event) => event.event === "update" && event.payload.account.acct === "bob");
});
say("stream");

const file = new Blob([await readFile(picture)], { type: "image/png" });
const media = await masto.v2.media.create({ file, description: "Le jardin" });
const uploaded = await eventually(async () => {
  const found = await masto.v1.media.$select(media.id).fetch();
  return found.url && found;
});
assert.ok(uploaded.meta.original.width > 0);
const illustrated = await masto.v1.statuses.create({
  status: "Voici le jardin #jardin", mediaIds: [media.id], language: "fr",
});
assert.equal(illustrated.mediaAttachments[0].description, "Le jardin");
const edited = await masto.v1.statuses.$select(illustrated.id).update({
  status: "Voici le grand jardin #jardin", mediaIds: [media.id],
});
assert.ok(edited.editedAt);
assert.equal((await masto.v1.statuses.$select(illustrated.id).history.list()).length, 2);
say("media");

const question = await masto.v1.statuses.create({
  status: "Quel jour ?", poll: { options: ["Mardi", "Jeudi"], expiresIn: 3600 },
});
say("poll", { id: question.id, poll: question.poll.id });
await told();
const tally = await eventually(async () => {
  const found = await masto.v1.polls.$select(question.poll.id).fetch();
  return found.votesCount === 1 && found;
});
assert.equal(tally.options[1].votesCount, 1);
say("vote");

const page = await masto.v1.timelines.home.list({ limit: 2 });
assert.equal(page.length, 2);
const seen = [];
for await (const statuses of masto.v1.timelines.home.list({ limit: 2 })) seen.push(...statuses);
assert.equal(new Set(seen.map((status) => status.id)).size, seen.length);
assert.ok(seen.length > 2);
say("timeline");

const notifications = await eventually(async () => {
  const found = await masto.v1.notifications.list();
  return found.some((one) => one.type === "favourite") && found;
});
assert.ok(notifications.every((one) => one.account.acct === "bob"));
const grouped = await masto.v2.notifications.list();
const thanks = grouped.notificationGroups.find((group) => group.type === "favourite");
assert.equal(grouped.statuses.find((one) => one.id === thanks.statusId).id, question.id);
say("notifications");

const bob = await masto.v1.accounts.lookup({ acct: "bob" });
const list = await masto.v1.lists.create({ title: "Équipe", repliesPolicy: "list" });
await masto.v1.lists.$select(list.id).accounts.create({ accountIds: [bob.id] });
assert.equal((await masto.v1.lists.$select(list.id).accounts.list())[0].id, bob.id);
const listed = await masto.v1.timelines.list.$select(list.id).list();
assert.ok(listed.length > 0 && listed.every((status) => status.account.id === bob.id));
await masto.v1.lists.$select(list.id).accounts.remove({ accountIds: [bob.id] });
await masto.v1.lists.$select(list.id).remove();
say("lists");

const filter = await masto.v2.filters.create({
  title: "Repas", context: ["home"], filterAction: "warn",
  keywordsAttributes: [{ keyword: "menu", wholeWord: true }],
});
say("post to be filtered");
const { id } = await told();
const filtered = await eventually(async () => {
  const home = await masto.v1.timelines.home.list();
  return home.find((status) => status.id === id);
});
assert.equal(filtered.filtered[0].filter.id, filter.id);
assert.deepEqual(filtered.filtered[0].keywordMatches, ["menu"]);
await masto.v2.filters.$select(filter.id).remove();
say("filters");

const searched = await masto.v2.search.list({ q: "jardin", type: "statuses" });
assert.equal(searched.statuses[0].id, illustrated.id);
await assert.rejects(masto.v1.statuses.$select("1").fetch(), { statusCode: 404 });
streams.close();
await Promise.race([listening, new Promise((resolve) => setTimeout(resolve, 1000))]);
say("end");
terminal.close();
process.exit(0);
