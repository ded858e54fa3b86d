#pragma once

#include "base/result.hpp"
#include "domain/webhook.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage {

/// What the code that sends a message needs of its webhook.
struct webhook_receiver {
    std::string url{};
    std::string secret{}; ///< never leaves the server
    bool enabled = false;
};

/// Webhooks. Their messages are in the outbox.
class webhook_store {
public:
    virtual ~webhook_store() = default;

    virtual result<std::vector<webhook>> list() const = 0; ///< ordered by id
    virtual result<std::optional<webhook>> find(webhook_id id) const = 0;
    virtual result<std::optional<webhook_receiver>> find_receiver(webhook_id id) const = 0;

    /// `secret` is the key that signs the webhook's messages; it is stored unencrypted. `bad_state` beyond
    /// `max_webhooks`.
    virtual result<webhook_id> insert(const webhook& inserted, std::string_view secret) = 0;
    /// Writes name, URL, minimum severity, enabled and updated_at. `not_found`.
    virtual result<void> update(const webhook& updated) = 0;
    virtual result<void> remove(webhook_id id) = 0; ///< `not_found`
};

} // namespace breakwater::storage
