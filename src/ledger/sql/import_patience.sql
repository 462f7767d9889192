-- A stadium takes longer than a claim may, and an import waits while another has its turn.
SELECT set_config('statement_timeout', '300s', true)
