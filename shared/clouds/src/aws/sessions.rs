//! Sessions that are kept between calls.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// What was opened, each for half its life: whoever is given one can rely on the other half. The clock is the wall's: a function
/// that AWS has frozen meanwhile has no other that went on.
#[derive(Clone)]
pub(super) struct Sessions<K, V> {
    life: Duration,
    open: Arc<Mutex<HashMap<K, (SystemTime, V)>>>,
}

impl<K: Eq + Hash, V: Clone> Sessions<K, V> {
    pub(super) fn new(life: Duration) -> Self {
        Self { life, open: Arc::default() }
    }

    pub(super) fn get(&self, key: &K, now: SystemTime) -> Option<V> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(key).filter(|(opened, _)| self.young(*opened, now)).map(|(_, session)| session.clone())
    }

    /// `opened` is the moment before it was asked for. Those that are too old go, so that what is kept stays small.
    pub(super) fn keep(&self, key: K, session: V, opened: SystemTime) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, (earlier, _)| self.young(*earlier, opened));
        open.insert(key, (opened, session));
    }

    /// A clock that was set back makes it old, too.
    fn young(&self, opened: SystemTime, now: SystemTime) -> bool {
        now.duration_since(opened).is_ok_and(|age| age < self.life / 2)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Sessions;

    const LIFE: Duration = Duration::from_secs(900);

    #[test]
    fn a_session_is_given_again_for_half_its_life_and_no_longer() {
        let (sessions, opened) = (Sessions::new(LIFE), SystemTime::UNIX_EPOCH);
        sessions.keep("dep_1", 1, opened);
        assert_eq!(sessions.get(&"dep_1", opened + Duration::from_secs(449)), Some(1));
        assert_eq!(sessions.get(&"dep_1", opened + Duration::from_secs(450)), None);
        assert_eq!(sessions.get(&"dep_2", opened), None, "another deployment has a session of its own");
        assert_eq!(sessions.get(&"dep_1", opened - Duration::from_secs(1)), None, "a clock that was set back proves nothing");
    }

    #[test]
    fn old_ones_go_when_another_comes() {
        let (sessions, opened) = (Sessions::new(LIFE), SystemTime::UNIX_EPOCH);
        sessions.keep("dep_1", 1, opened);
        sessions.keep("dep_2", 2, opened + LIFE);
        assert_eq!(sessions.open.lock().unwrap().len(), 1);
    }
}
