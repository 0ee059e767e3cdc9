//! How often one address may try a code. Guessing is slowed here; the engine slows the tries of each selector.
//!
//! Addresses are kept in memory only, and never logged.

use axum::http::HeaderMap;
use parking_lot::Mutex;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Once,
    time::{Duration, Instant},
};

/// A bucket per address: `per_minute` tries in a row, then one each `60 s / per_minute`.
#[derive(Debug)]
pub struct Pace {
    between: Duration,
    burst: u32,
    most: usize,
    /// When each address's bucket is full again.
    full_at: Mutex<HashMap<IpAddr, Instant>>,
}

impl Pace {
    pub fn new(per_minute: u32, most: usize) -> Self {
        let burst = per_minute.max(1);
        Self { between: Duration::from_secs(60) / burst, burst, most: most.max(1), full_at: Mutex::default() }
    }

    /// # Errors
    /// How long to wait before the next try.
    pub fn take(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.full_at.lock();
        let address = household(address);
        if buckets.len() >= self.most && !buckets.contains_key(&address) {
            buckets.retain(|_, full_at| *full_at > now);
            if buckets.len() >= self.most {
                // Somebody tries from everywhere: those not yet known wait, and the table stays bounded.
                return Err(self.between);
            }
        }
        let full_at = buckets.entry(address).or_insert(now);
        let then = (*full_at).max(now) + self.between;
        let over = then.saturating_duration_since(now + self.between * self.burst);
        if over > Duration::ZERO {
            return Err(over);
        }
        *full_at = then;
        Ok(())
    }
}

/// One subscriber has a whole /64 of IPv6.
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// The address that the outermost of `proxies` trusted proxies saw. What a client writes in X-Forwarded-For itself stands
/// to the left of that, and is not believed.
pub fn address_of(peer: IpAddr, headers: &HeaderMap, proxies: usize) -> IpAddr {
    let Some(back) = proxies.checked_sub(1) else { return peer };
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    addresses.iter().rev().nth(back).and_then(|address| read(address)).unwrap_or_else(|| {
        // Without it all phones share the proxy's own pace, and an enrolment evening ends after twenty of them.
        UNREAD.call_once(|| {
            tracing::warn!(
                "no address of a phone can be read in X-Forwarded-For: the proxy's own counts, is --proxies right?"
            );
        });
        peer
    })
}

/// Told once: whoever reaches the server could fill the log with it.
static UNREAD: Once = Once::new();

/// Some proxies write the port as well: `192.0.2.7:5555`, `[2001:db8::1]:443`, `[2001:db8::1]`.
fn read(address: &str) -> Option<IpAddr> {
    let bare = || address.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.parse().ok().or_else(|| address.parse::<SocketAddr>().ok().map(|address| address.ip())).or_else(bare)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn twenty_in_a_row_then_one_each_three_seconds_and_the_neighbour_is_not_held_up() {
        let pace = Pace::new(20, 100);
        let (eriks, neighbours): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let start = Instant::now();
        for _ in 0..20 {
            pace.take(eriks, start).unwrap();
        }
        assert_eq!(pace.take(eriks, start), Err(Duration::from_secs(3)));
        pace.take(neighbours, start).unwrap();
        pace.take(eriks, start + Duration::from_secs(3)).unwrap();
        assert!(pace.take(eriks, start + Duration::from_secs(3)).is_err());
    }

    #[test]
    fn a_household_of_ipv6_is_one_address() {
        let pace = Pace::new(1, 100);
        let now = Instant::now();
        pace.take("2001:db8:1:2::1".parse().unwrap(), now).unwrap();
        assert!(pace.take("2001:db8:1:2:ffff::9".parse().unwrap(), now).is_err());
        pace.take("2001:db8:1:3::1".parse().unwrap(), now).unwrap();
    }

    #[test]
    fn the_table_stays_bounded_and_forgets_full_buckets() {
        let pace = Pace::new(1, 2);
        let now = Instant::now();
        pace.take("192.0.2.1".parse().unwrap(), now).unwrap();
        pace.take("192.0.2.2".parse().unwrap(), now).unwrap();
        assert!(pace.take("192.0.2.3".parse().unwrap(), now).is_err());
        pace.take("192.0.2.3".parse().unwrap(), now + Duration::from_secs(61)).unwrap();
    }

    #[test]
    fn only_the_trusted_proxys_word_counts() {
        let peer: IpAddr = "127.0.0.1".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.9, 192.0.2.7".parse().unwrap());
        assert_eq!(address_of(peer, &headers, 0), peer);
        assert_eq!(address_of(peer, &headers, 1), "192.0.2.7".parse::<IpAddr>().unwrap());
        assert_eq!(address_of(peer, &headers, 2), "203.0.113.9".parse::<IpAddr>().unwrap());
        assert_eq!(address_of(peer, &headers, 3), peer);
    }

    #[test]
    fn a_port_behind_the_address_does_not_hide_it() {
        let peer: IpAddr = "127.0.0.1".parse().unwrap();
        for (written, meant) in [
            ("192.0.2.7:5555", "192.0.2.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("unknown", "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", written.parse().unwrap());
            assert_eq!(address_of(peer, &headers, 1), meant.parse::<IpAddr>().unwrap(), "{written}");
        }
    }
}
