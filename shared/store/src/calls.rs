//! How often a customer's account is called, by whatever of ours: a bucket, kept as the time at which all of it is paid.

use crate::connection::Param;
use crate::{Result, Store};
use config::Rate;
use domain::AccountId;
use std::time::Duration;
use tokio_postgres::types::Type;

impl Store {
    /// How long until the account may be called again; none if it may be now.
    pub async fn calls_wait(&self, account: &AccountId, rate: Rate) -> Result<Option<Duration>> {
        let sql = "SELECT extract(epoch FROM calls_until - now())::float8 - $2 FROM account WHERE id = $1";
        let params: [Param<'_>; 2] = [(&account.as_str(), Type::TEXT), (&(rate.burst / rate.per_second), Type::FLOAT8)];
        let debt: f64 = self.row(sql, &params).await?.get(0);
        Ok((debt > 0.0).then(|| Duration::from_secs_f64(debt)))
    }

    /// Notes that it was called that often.
    pub async fn called(&self, account: &AccountId, calls: u32, rate: Rate) -> Result<()> {
        let sql = "UPDATE account SET calls_until = greatest(calls_until, now()) + make_interval(secs => $2) WHERE id = $1";
        let params: [Param<'_>; 2] = [(&account.as_str(), Type::TEXT), (&(f64::from(calls) / rate.per_second), Type::FLOAT8)];
        self.rows(sql, &params).await.map(drop)
    }
}
