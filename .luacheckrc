-- Each script is checked behind the prelude, as Redis runs it: see `make lint`.
std = "lua51"
read_globals = { "redis", "struct", "KEYS", "ARGV" }
max_line_length = 110
-- The prelude serves every script, and no script uses all of it.
ignore = { "211", "221" }
