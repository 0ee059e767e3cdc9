//! A cache that never grows past its bound: two generations, the older one dropped when the younger is full. What is
//! asked for again moves to the younger one, so that what is in use stays.

use std::{collections::HashMap, hash::Hash};

#[derive(Debug)]
pub(super) struct Bounded<K, V> {
    young: HashMap<K, (V, usize)>,
    old: HashMap<K, (V, usize)>,
    weight: usize,
    most: usize,
}

impl<K: Hash + Eq + Clone, V: Clone> Bounded<K, V> {
    pub fn new(most: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), weight: 0, most: most.max(1) }
    }

    pub fn get(&mut self, key: &K) -> Option<V> {
        if let Some((value, _)) = self.young.get(key) {
            return Some(value.clone());
        }
        let (value, weight) = self.old.remove(key)?;
        self.insert(key.clone(), value.clone(), weight);
        Some(value)
    }

    /// What is changed in place keeps its weight.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if !self.young.contains_key(key) {
            let (value, weight) = self.old.remove(key)?;
            self.insert(key.clone(), value, weight);
        }
        self.young.get_mut(key).map(|(value, _)| value)
    }

    pub fn remove(&mut self, key: &K) {
        if let Some((_, weight)) = self.young.remove(key) {
            self.weight = self.weight.saturating_sub(weight);
        }
        self.old.remove(key);
    }

    pub fn insert(&mut self, key: K, value: V, weight: usize) {
        // Half for each generation.
        if self.weight.saturating_add(weight) * 2 > self.most && !self.young.is_empty() {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.weight += weight;
        if let Some((_, replaced)) = self.young.insert(key, (value, weight)) {
            self.weight = self.weight.saturating_sub(replaced);
        }
    }

    pub fn retain(&mut self, keep: impl Fn(&K, &V) -> bool) {
        self.young.retain(|key, (value, _)| keep(key, value));
        self.old.retain(|key, (value, _)| keep(key, value));
        self.weight = self.young.values().map(|(_, weight)| weight).sum();
    }

    pub fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.weight = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_use_stays_and_the_bound_holds() {
        let mut cache = Bounded::new(10);
        for number in 0..100 {
            cache.insert(number, number, 1);
            assert_eq!(cache.get(&0), Some(0));
            assert!(cache.young.len() + cache.old.len() <= 10);
        }
        assert_eq!(cache.get(&1), None);
        cache.remove(&0);
        assert_eq!(cache.get_mut(&0), None);
        cache.clear();
        assert_eq!(cache.get(&0), None);
    }
}
