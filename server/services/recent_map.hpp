#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <unordered_map>
#include <utility>

namespace breakwater::services {

/// A map of at most `most` entries: past the bound, the one that was used longest ago makes room. Every call
/// takes the same time however many there are. Not synchronised.
template <class Key, class Value, class Hash = std::hash<Key>>
class recent_map {
public:
    /// REQUIRES: most ≥ 1.
    explicit recent_map(std::size_t most) : most_{most} {}

    /// The value, which counts as used now; null where there is none. Valid until the next `put` or `erase`.
    [[nodiscard]] Value* find(const Key& key) {
        const auto known = index_.find(key);
        if (known == index_.end())
            return nullptr;
        entries_.splice(entries_.end(), entries_, known->second);
        return &known->second->second;
    }

    Value& put(const Key& key, Value value) {
        if (Value* const known = find(key)) {
            *known = std::move(value);
            return *known;
        }
        if (index_.size() >= most_) {
            index_.erase(entries_.front().first);
            entries_.pop_front();
        }
        const auto added = entries_.emplace(entries_.end(), key, std::move(value));
        index_.emplace(key, added);
        return added->second;
    }

    void erase(const Key& key) {
        const auto known = index_.find(key);
        if (known == index_.end())
            return;
        entries_.erase(known->second);
        index_.erase(known);
    }

    [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }

private:
    using order = std::list<std::pair<Key, Value>>; ///< the one used longest ago first
    std::size_t most_;
    order entries_;
    std::unordered_map<Key, typename order::iterator, Hash> index_;
};

} // namespace breakwater::services
