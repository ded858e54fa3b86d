-- A person's sign-ins that hold: each has one token that is neither used nor revoked.
CREATE INDEX refresh_tokens_live ON refresh_tokens (user, issued_at) WHERE revoked = 0 AND used_at IS NULL;
