//! `realtime`: as `lua`, and every change reaches 1,000 people who are watching.
//!
//! The fourth solution of the deck, with what it needs of Ably done in the process: one reader follows
//! the log that the scripts write, and hands what it reads to every viewer. Because a change is in the
//! log or did not happen, and the log has an order, each viewer can keep a picture of its own and end
//! with the right one; a viewer that falls too far behind is given a new picture, and is told so.

use anyhow::{Result, ensure};
use tokio::sync::Mutex;

use super::lua::Lua;
use crate::lab::viewers::{Viewed, Viewers};
use crate::lab::{Answer, Buyer, Stage, Strategy};

/// How many are watching.
const VIEWERS: usize = 1_000;

/// See the head of this file.
pub struct Realtime {
    lua: Lua,
    viewers: Mutex<Option<Viewers>>,
    viewed: std::sync::OnceLock<Viewed>,
}

impl Strategy for Realtime {
    async fn prepare(stage: &Stage) -> Result<Self> {
        let lua = Lua::prepare(stage).await?;
        let viewers = Viewers::watch(lua.service(), VIEWERS).await?;
        let viewers = Mutex::new(Some(viewers));
        Ok(Self { lua, viewers, viewed: std::sync::OnceLock::new() })
    }

    async fn book(&self, buyer: &mut Buyer) -> Result<Answer> {
        self.lua.book(buyer).await
    }

    async fn settle(&self) -> Result<()> {
        let viewers = self.viewers.lock().await.take();
        if let Some(viewers) = viewers {
            let truth = self.lua.service().look().await?;
            let viewed = viewers.finish(&truth).await?;
            ensure!(viewed.wrong == 0, "{} of {VIEWERS} viewers end wrong", viewed.wrong);
            let _ = self.viewed.set(viewed);
        }
        self.lua.settle().await
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        self.lua.owners().await
    }

    fn remark(&self) -> String {
        let Some(viewed) = self.viewed.get() else {
            return String::new();
        };
        let Viewed { changes, resynchronised, after, .. } = viewed;
        format!(
            "{VIEWERS} viewers right after {changes} changes each, {resynchronised} \
             resynchronised, {:.0} ms after the last answer",
            after.as_secs_f64() * 1e3
        )
    }

    async fn finish(self) -> Result<()> {
        self.lua.finish().await
    }
}
