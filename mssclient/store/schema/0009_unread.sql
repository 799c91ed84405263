-- Counting the unread asked each message whether its place is known: 150 ms for 20,000 of them. Now the index says it.
DROP INDEX message_unread;
CREATE INDEX message_unread ON message (folder_id, rank, uid) WHERE seen = 0;
