//! What the deck says can be measured, and points the way that the deck says.

use clap::ValueEnum as _;
use frontrow::lab::claims::{Claim, json, measure, table};

use super::servers;

#[tokio::test]
async fn each_claim_of_the_deck_is_measured() {
    let mut servers = servers(0).await;
    let mut findings = Vec::new();
    for &claim in Claim::value_variants() {
        let found = measure(claim, &mut servers, 1).await.unwrap();
        match claim {
            Claim::Pool => assert!(found.with > found.without, "{found:?}"),
            // Two plans of half a millisecond each, which a busy machine may turn round.
            Claim::Composite => assert!(found.with > 0.0, "{found:?}"),
            _ => assert!(found.with < found.without, "{found:?}"),
        }
        findings.push(found);
    }
    servers.close().await.unwrap();
    let (table, json) = (table(&findings), json(&findings).unwrap());
    for claim in Claim::value_variants() {
        assert!(table.contains(&format!("| {claim} ")), "{table}");
        assert!(json.contains(&format!("\"claim\": \"{claim}\"")), "{json}");
    }
}
