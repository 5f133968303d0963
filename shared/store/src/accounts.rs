//! Linked cloud accounts.

use crate::audit::noted;
use crate::connection::Param;
use crate::{Deed, Error, Reconciliation, Result, Store};
use domain::{AccountId, Link, UserId};
use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::{Row, types::Type};

/// A cloud account as it is first written.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Made by the caller.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// Twelve digits.
    pub aws_account_id: String,
    /// Where its plans go if they don't say.
    pub region: String,
    /// What the control plane must present to assume the role.
    pub external_id: String,
    /// The role in the customer's account.
    pub role_arn: String,
}

/// A linked cloud account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Who linked it.
    pub owner: UserId,
    /// What people call it.
    pub name: String,
    /// Twelve digits.
    pub aws_account_id: String,
    /// Where its plans go if they don't say.
    pub region: String,
    /// What the control plane must present to assume the role.
    pub external_id: String,
    /// The provisioning role in the customer's account.
    pub role_arn: String,
    /// The monitoring role there, once it was found to work.
    pub monitor_role_arn: Option<String>,
    /// `pending`, `verified` or `failed`.
    pub status: String,
    /// Why verifying failed.
    pub reason: Option<String>,
    /// When it was linked.
    pub created_at: Timestamp,
    /// When the roles were last assumed as they should be.
    pub verified_at: Option<Timestamp>,
    /// What the last look for strays and ghosts found; `None` before the first.
    pub reconciliation: Option<Reconciliation>,
}

impl Account {
    /// How it is entered.
    #[must_use]
    pub fn link(&self) -> Link {
        Link {
            role_arn: self.role_arn.clone(),
            monitor_role_arn: self.monitor_role_arn.clone(),
            external_id: self.external_id.clone(),
            verified_at: self.verified_at,
        }
    }
}

pub(crate) const COLUMNS: &str = "id, owner, name, aws_account_id, region, external_id, role_arn, status, reason, created_at, verified_at, monitor_role_arn, reconciliation";

pub(crate) fn read(row: &Row) -> Result<Account> {
    let reconciliation: Option<Value> = row.get(12);
    Ok(Account {
        id: row.get::<_, String>(0).parse().map_err(Error::invalid)?,
        owner: UserId(row.get(1)),
        name: row.get(2),
        aws_account_id: row.get(3),
        region: row.get(4),
        external_id: row.get(5),
        role_arn: row.get(6),
        status: row.get(7),
        reason: row.get(8),
        created_at: row.get(9),
        verified_at: row.get(10),
        monitor_role_arn: row.get(11),
        reconciliation: reconciliation.map(serde_json::from_value).transpose().map_err(Error::invalid)?,
    })
}

impl Store {
    /// # Errors
    /// [`Error::Conflict`] `account_owner_aws_account_id_key` if the actor has linked this AWS account already.
    pub async fn create_account(&self, deed: &Deed, new: &NewAccount) -> Result<Account> {
        let sql = format!(
            "WITH made AS (INSERT INTO account (owner, id, name, aws_account_id, region, external_id, role_arn)
                VALUES ($1, $4, $5, $6, $7, $8, $9) RETURNING {COLUMNS}),
            {} SELECT * FROM made",
            noted("account-create", "made")
        );
        let own: [Param<'_>; 6] = [
            (&new.id.as_str(), Type::TEXT),
            (&new.name, Type::TEXT),
            (&new.aws_account_id, Type::TEXT),
            (&new.region, Type::TEXT),
            (&new.external_id, Type::TEXT),
            (&new.role_arn, Type::TEXT),
        ];
        read(&self.row(&sql, &deed.with(&own)).await?)
    }

    /// # Errors
    /// [`Error::NotFound`] also for another user's account.
    pub async fn account(&self, owner: &UserId, id: &AccountId) -> Result<Account> {
        let sql = format!("SELECT {COLUMNS} FROM account WHERE id = $1 AND owner = $2 AND removed_at IS NULL");
        read(&self.row(&sql, &[(&id.as_str(), Type::TEXT), (&owner.as_str(), Type::TEXT)]).await?)
    }

    /// The owner's account of that AWS account id.
    pub async fn account_by_aws_id(&self, owner: &UserId, aws_account_id: &str) -> Result<Account> {
        let sql = format!("SELECT {COLUMNS} FROM account WHERE owner = $1 AND aws_account_id = $2 AND removed_at IS NULL");
        read(&self.row(&sql, &[(&owner.as_str(), Type::TEXT), (&aws_account_id, Type::TEXT)]).await?)
    }

    /// The owner's only verified account, or the one last used.
    pub async fn default_account(&self, owner: &UserId) -> Result<Option<Account>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM account WHERE owner = $1 AND status = 'verified' AND removed_at IS NULL ORDER BY used_at DESC NULLS LAST, id DESC LIMIT 1"
        );
        self.rows(&sql, &[(&owner.as_str(), Type::TEXT)]).await?.first().map(read).transpose()
    }

    /// Both roles were assumed as they should be.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's account.
    pub async fn set_account_verified(&self, deed: &Deed, id: &AccountId, monitor_role_arn: &str) -> Result<Account> {
        let sql = format!(
            "WITH changed AS (UPDATE account SET status = 'verified', reason = NULL, verified_at = now(), monitor_role_arn = $5
                WHERE id = $4 AND owner = $1 AND removed_at IS NULL RETURNING {COLUMNS}),
            {} SELECT * FROM changed",
            noted("account-verify", "changed")
        );
        read(&self.row(&sql, &deed.with(&[(&id.as_str(), Type::TEXT), (&monitor_role_arn, Type::TEXT)])).await?)
    }

    /// The roles can't be used, and why. Nothing changes where that is known already.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's account.
    pub async fn set_account_failed(&self, deed: &Deed, id: &AccountId, reason: &str) -> Result<Account> {
        let sql = format!(
            "WITH changed AS (UPDATE account SET status = 'failed', reason = $5
                WHERE id = $4 AND owner = $1 AND removed_at IS NULL AND (status, reason) IS DISTINCT FROM ('failed', $5) RETURNING {COLUMNS}),
            {} SELECT * FROM changed UNION ALL
            SELECT {COLUMNS} FROM account WHERE id = $4 AND owner = $1 AND removed_at IS NULL AND NOT EXISTS (SELECT FROM changed)",
            noted("account-verify", "changed")
        );
        read(&self.row(&sql, &deed.with(&[(&id.as_str(), Type::TEXT), (&reason, Type::TEXT)])).await?)
    }

    /// The owner's accounts, newest first, older than `after`.
    pub async fn accounts(&self, owner: &UserId, limit: u32, after: Option<&AccountId>) -> Result<Vec<Account>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM account WHERE owner = $1 AND removed_at IS NULL AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
        );
        let params: [Param<'_>; 3] =
            [(&owner.as_str(), Type::TEXT), (&after.map(AccountId::as_str), Type::TEXT), (&i64::from(limit), Type::INT8)];
        self.rows(&sql, &params).await?.iter().map(read).collect()
    }

    /// Forgets the account. Its role in the customer's account is the customer's to delete.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for another user's account; [`Error::InUse`] with the id of a deployment that lives in it.
    pub async fn remove_account(&self, deed: &Deed, id: &AccountId) -> Result<()> {
        let sql = format!(
            "WITH live AS (SELECT id FROM deployment WHERE account_id = $4 AND destroyed_at IS NULL ORDER BY id LIMIT 1),
            hidden AS (UPDATE account SET removed_at = now()
                WHERE id = $4 AND owner = $1 AND removed_at IS NULL AND NOT EXISTS (SELECT FROM live) RETURNING id),
            {} SELECT (SELECT id FROM live), EXISTS (SELECT FROM hidden) FROM account WHERE id = $4 AND owner = $1 AND removed_at IS NULL",
            noted("account-delete", "hidden")
        );
        let row = self.hiding(&sql, &deed.with(&[(&id.as_str(), Type::TEXT)])).await?;
        match row.get::<_, Option<String>>(0) {
            Some(live) => Err(Error::InUse(live)),
            None => Ok(()),
        }
    }
}
