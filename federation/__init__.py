"""The wire: how two servers prove who they are, fetch, log and deliver."""

VERSION = "0.1.0"
