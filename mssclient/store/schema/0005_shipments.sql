-- Health documents of a message that is being written, and what was sent to whom: the registry is these rows beside the
-- outbox line of the same draft, once the operator accepted it.
CREATE TABLE shipment (
  draft_id TEXT NOT NULL PRIMARY KEY,
  content TEXT NOT NULL,              -- JSON of a consignment.Order
  built TEXT NOT NULL DEFAULT '',     -- digest of what the attachments were made from; empty: not made
  subject TEXT NOT NULL DEFAULT '',
  attachments TEXT NOT NULL DEFAULT '', -- ids of the attachments that were made, blank between
  origin TEXT NOT NULL DEFAULT '',    -- the sidecar or document of the "to send" folder it came from
  told TEXT NOT NULL DEFAULT ''       -- what the "to send" folder was told of it: sent, refused, or empty
) STRICT;

CREATE TABLE shipment_paper (
  id TEXT NOT NULL PRIMARY KEY,
  draft_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  content TEXT NOT NULL,              -- JSON of a consignment.Paper
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX shipment_paper_draft ON shipment_paper (draft_id, place);

-- What an archive of ours holds. The CDA is kept, packed: asking for a deletion sends it once more.
CREATE TABLE shipment_document (
  draft_id TEXT NOT NULL,
  unique_id TEXT NOT NULL,
  set_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  replaces TEXT NOT NULL,
  action TEXT NOT NULL,
  type_code TEXT NOT NULL,
  title TEXT NOT NULL,
  act_date TEXT NOT NULL,
  usager TEXT NOT NULL,               -- JSON of an identity.Usager
  qualified INTEGER NOT NULL,
  author TEXT NOT NULL DEFAULT '',
  structure TEXT NOT NULL DEFAULT '',
  cda BLOB NOT NULL,
  PRIMARY KEY (draft_id, unique_id)
) STRICT;
CREATE INDEX shipment_document_set ON shipment_document (set_id);
