//! The organiser's hand on a sale: switch and window, without all the other terms.

use jiff_sqlx::ToSqlx;
use sqlx::{PgPool, Postgres, Transaction};

use super::LedgerError;
use super::changes::{self, NewChange};
use super::concert_rows::switch_text;
use super::concerts;
use crate::domain::concert::{Concert, SaleSwitch, SaleWindow};
use crate::domain::ids::ConcertId;

/// A change of a sale under way: the concert stays as it was looked at. Dropped before `write`, it
/// leaves nothing behind.
pub struct SaleUpdate {
    transaction: Transaction<'static, Postgres>,
    /// The concert as it is.
    pub concert: Concert,
}

impl SaleUpdate {
    /// Looks at a concert and keeps others from changing it; none if there is no such concert.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or the concert cannot be read.
    pub async fn begin(pool: &PgPool, id: ConcertId) -> Result<Option<Self>, LedgerError> {
        let mut transaction = pool.begin().await?;
        let lock = sqlx::query(include_str!("sql/concert_lock.sql"));
        lock.bind(id.0).execute(&mut *transaction).await?;
        let concert = concerts::load(&mut *transaction, id).await?;
        Ok(concert.map(|concert| Self { transaction, concert }))
    }

    /// Writes another switch and window, raises the concert's version, puts the change on record,
    /// tells everyone who listens, and commits.
    ///
    /// # Errors
    /// When PostgreSQL does not take it; nothing was written then.
    pub async fn write(
        mut self,
        switch: SaleSwitch,
        window: SaleWindow,
        change: &NewChange,
    ) -> Result<(), LedgerError> {
        let id = self.concert.id.0;
        sqlx::query(include_str!("sql/concert_sale_update.sql"))
            .bind(id)
            .bind(switch_text(switch))
            .bind(window.opens_at.to_sqlx())
            .bind(window.closes_at.to_sqlx())
            .execute(&mut *self.transaction)
            .await?;
        changes::insert(&mut self.transaction, change).await?;
        sqlx::query(include_str!("sql/concerts_notify.sql"))
            .bind(vec![id])
            .execute(&mut *self.transaction)
            .await?;
        self.transaction.commit().await?;
        Ok(())
    }
}
