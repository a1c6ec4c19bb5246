"""Why some keys are never seen with a value, or never with null: what this software has not.

A reason for a key that is seen after all fails like a key that is not seen.
"""

_COLLECTIONS = "there are no collections of accounts here"
_ALWAYS_SAID = "yes or no is always known here, and said"
_CARD = "of a page only texts and a picture are shown: nothing in it runs, nobody is linked"
_NO_COUNT = "nobody's attempts, addresses or use are counted"

REASONS: dict[str, str] = {
    "Status.url = null": "every status here has an address, a boost too",
    "Status.tagged_collections": _COLLECTIONS,
    "StatusEdit.quote": "what a status quotes does not change by an edit",
    "StatusEdit.quote = null": "what a status quotes does not change by an edit",
    "MediaAttachment.preview_remote_url": "previews are read through this node",
    "MediaAttachment.text_url": "an old key that no client reads",
    "PreviewCard.author_url": _CARD,
    "PreviewCard.provider_url": _CARD,
    "PreviewCard.html": _CARD,
    "PreviewCard.embed_url": _CARD,
    "PreviewCard.authors.url": _CARD,
    "PreviewCard.authors.account": _CARD,
    "PreviewCard.missing_attribution": _CARD,
    "ScheduledStatus.params.sensitive = null": _ALWAYS_SAID,
    "ScheduledStatus.params.quote_approval_policy = null": "the default is written down",
    "Conversation.last_status = null": "a conversation goes with its last message",
    "Account.discoverable = null": _ALWAYS_SAID,
    "Account.feature_approval.automatic": _COLLECTIONS,
    "Account.feature_approval.manual": _COLLECTIONS,
    "Account.memorial": "nobody's account becomes a memorial here",
    "CredentialAccount.source.hide_collections = null": _ALWAYS_SAID,
    "CredentialAccount.source.discoverable = null": _ALWAYS_SAID,
    "Role.collection_limit": _COLLECTIONS,
    "Profile.hide_collections = null": _ALWAYS_SAID,
    "Profile.discoverable = null": _ALWAYS_SAID,
    "Search.collections": _COLLECTIONS,
    "Notification.status = null": "what is about no status has no such key",
    "Group.status_id = null": "what is about no status has no such key",
    "Warning.appeal": "one answers a decision by talking to those who made it",
    "InstanceV2.thumbnail.blurhash": "the picture comes with the software",
    "InstanceV2.thumbnail.description": "the picture comes with the software",
    "InstanceV2.thumbnail.versions.@1x": "the picture comes with the software",
    "InstanceV2.thumbnail.versions.@2x": "the picture comes with the software",
    "InstanceV2.configuration.urls.privacy_policy = null": "every site has the page",
    "InstanceV2.configuration.urls.terms_of_service": "the text is asked for by the API",
    "InstanceV2.registrations.message = null": "how one becomes a member is always said",
    "InstanceV2.registrations.min_age": "nobody is asked for an age",
    "InstanceV2.registrations.url": "one signs up here",
    "InstanceV2.wrapstodon": "there is no report of anybody's year",
    "InstanceV1.thumbnail = null": "a picture comes with the software",
    "Announcement.mentions": "an announcement names nobody",
    "Announcement.statuses": "an announcement leads to no status",
    "Announcement.statuses.id": "an announcement leads to no status",
    "Announcement.statuses.url": "an announcement leads to no status",
    "Report.status_ids = null": "an empty list says it",
    "Report.rule_ids = null": "an empty list says it",
    "Report.collection_ids": _COLLECTIONS,
    "AdminAccount.ip": _NO_COUNT,
    "AdminAccount.ips": _NO_COUNT,
    "AdminAccount.ips.ip": _NO_COUNT,
    "AdminAccount.ips.used_at": _NO_COUNT,
    "AdminAccount.created_by_application_id": "not kept: it tells what somebody uses",
    "AdminAccount.invited_by_account_id": "invitations are the site's, not a member's",
    "AdminReport.collections": _COLLECTIONS,
    "AdminEmailDomainBlock.history": _NO_COUNT,
    "AdminEmailDomainBlock.history.day": _NO_COUNT,
    "AdminEmailDomainBlock.history.uses": _NO_COUNT,
    "AdminEmailDomainBlock.history.accounts": _NO_COUNT,
    "Measure.unit": "every figure is a plain number",
    "Measure.human_value": "every figure is a plain number",
    "Dimension.data.unit": "every figure is a plain number",
    "AdminPublisher.requested_review_at": "nothing waits for a decision before it is shown",
}
# Who has no account here learns neither of people elsewhere and what they wrote, nor of whom staff
# suspended, nor of what is for some readers only; also where the node is open.
HIDDEN_FROM_STRANGERS = (
    "{paul}", "{robot}", "{luc}", "@roses.example", "{remote", "{old}", "{private}", "{site}",
    "{direct}",
)  # fmt: skip
