#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <unordered_map>
#include <utility>

namespace breakwater::identity {

/// A map of at most `capacity` entries. When it is full, a new entry replaces the least recently used one.
/// Every call takes constant time. Not synchronised.
template <class Key, class Value, class Hash = std::hash<Key>>
class recent_map {
public:
    /// REQUIRES: `capacity` ≥ 1.
    explicit recent_map(std::size_t capacity) : capacity_{capacity} {}

    /// The value, which becomes the most recently used; null when there is none. Valid until the next `put`
    /// or `erase`.
    [[nodiscard]] Value* find(const Key& key) {
        const auto position = index_.find(key);
        if (position == index_.end())
            return nullptr;
        entries_.splice(entries_.end(), entries_, position->second);
        return &position->second->second;
    }

    Value& put(const Key& key, Value value) {
        if (Value* const existing = find(key)) {
            *existing = std::move(value);
            return *existing;
        }
        if (index_.size() >= capacity_) {
            index_.erase(entries_.front().first);
            entries_.pop_front();
        }
        const auto added = entries_.emplace(entries_.end(), key, std::move(value));
        index_.emplace(key, added);
        return added->second;
    }

    void erase(const Key& key) {
        const auto position = index_.find(key);
        if (position == index_.end())
            return;
        entries_.erase(position->second);
        index_.erase(position);
    }

    [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

private:
    using order = std::list<std::pair<Key, Value>>; ///< the least recently used first
    std::size_t capacity_;
    order entries_;
    std::unordered_map<Key, typename order::iterator, Hash> index_;
};

} // namespace breakwater::identity
