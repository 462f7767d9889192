//! Every listing's query, as PostgreSQL plans it on a whole season: none reads a table from end to end
//! that grows with the season or its sales.

use std::time::Instant;

use frontrow::ledger::PgPool;
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::support::print;

/// Tables that only a concert's or a person's own rows are read of.
const LARGE: [&str; 7] = [
    "concerts",
    "prices",
    "seats",
    "reservations",
    "reservation_seats",
    "concert_counts",
    "blocked_seats",
];

/// A query with what it is asked for in the place of its parameters.
struct Asked {
    what: &'static str,
    query: &'static str,
    values: &'static [&'static str],
}

const BY_START: &str = include_str!("../../src/ledger/sql/concerts_by_start.sql");
const BY_OPENING: &str = include_str!("../../src/ledger/sql/concerts_by_opening.sql");
const NOBODY: &str = "'00000000-0000-0000-0000-000000000000'::uuid";
const LATER: &str = "now() + interval '100 days'";
const PAST: &str = "'1970-01-01T00:00:00Z'::timestamptz";
const FUTURE: &str = "'3000-01-01T00:00:00Z'::timestamptz";

const ASKED: [Asked; 12] = [
    Asked {
        what: "list: first page",
        query: BY_START,
        values: &[PAST, NOBODY, "now()", FUTURE, "NULL", "NULL", "21"],
    },
    Asked {
        what: "list: a page in the middle",
        query: BY_START,
        values: &[LATER, NOBODY, "now()", FUTURE, "NULL", "NULL", "21"],
    },
    Asked {
        what: "list: fifty, in a city",
        query: BY_START,
        values: &[LATER, NOBODY, "now()", FUTURE, "NULL", "'cite 7'", "51"],
    },
    Asked {
        what: "list: within a week",
        query: BY_START,
        values: &[PAST, NOBODY, LATER, "now() + interval '107 days'", "NULL", "NULL", "21"],
    },
    Asked {
        what: "list: a rare word",
        query: BY_START,
        values: &[PAST, NOBODY, "now()", FUTURE, "'artist 4711'", "NULL", "21"],
    },
    Asked {
        what: "list: a word that all have",
        query: BY_START,
        values: &[PAST, NOBODY, "now()", FUTURE, "'soiree'", "NULL", "21"],
    },
    Asked {
        what: "list: a word that none has",
        query: BY_START,
        values: &[PAST, NOBODY, "now()", FUTURE, "'zwiebel'", "NULL", "21"],
    },
    Asked {
        what: "list: what opens next",
        query: BY_OPENING,
        values: &["now()", NOBODY, "now()", FUTURE, "NULL", "NULL", "21"],
    },
    Asked {
        what: "list: what opens next in a city",
        query: BY_OPENING,
        values: &["now()", NOBODY, "now()", FUTURE, "NULL", "'cite 7'", "21"],
    },
    Asked {
        what: "concert",
        query: include_str!("../../src/ledger/sql/concert_listing.sql"),
        values: &["md5('concert77')::uuid"],
    },
    Asked {
        what: "seats sold of a concert that is not loaded",
        query: include_str!("../../src/ledger/sql/reservation_seats_live.sql"),
        values: &["md5('concert77')::uuid"],
    },
    Asked {
        what: "what somebody bought",
        query: include_str!("../../src/ledger/sql/purchases_of_user.sql"),
        values: &["md5('user77')::uuid", "now()", NOBODY, "21"],
    },
];

/// Looks at every plan, and prints how long each query takes.
pub async fn check(pool: &PgPool) {
    for asked in &ASKED {
        let mut query = asked.query.to_owned();
        // From the last on, so that $1 is not taken for the beginning of $10.
        for (index, value) in asked.values.iter().enumerate().rev() {
            query = query.replace(&format!("${}", index + 1), value);
        }
        let explain = AssertSqlSafe(format!("EXPLAIN (FORMAT JSON) {query}"));
        let plan: Value = sqlx::query_scalar(explain).fetch_one(pool).await.unwrap();
        let read = read_through(&plan[0]["Plan"]);
        let large: Vec<_> = read.iter().filter(|table| LARGE.contains(&table.as_str())).collect();
        assert!(large.is_empty(), "{}: reads all of {large:?}:\n{plan:#}", asked.what);
        sqlx::query(AssertSqlSafe(query.clone())).fetch_all(pool).await.unwrap();
        let begun = Instant::now();
        sqlx::query(AssertSqlSafe(query)).fetch_all(pool).await.unwrap();
        print(asked.what, begun.elapsed());
    }
}

/// The tables that a plan reads from end to end.
fn read_through(node: &Value) -> Vec<String> {
    let mut tables = Vec::new();
    if node["Node Type"] == "Seq Scan" {
        tables.extend(node["Relation Name"].as_str().map(str::to_owned));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        tables.extend(read_through(child));
    }
    tables
}
