#pragma once

#include "base/clock.hpp"
#include "domain/alert.hpp"
#include "domain/webhook.hpp"
#include "wire/alert_dto.hpp"
#include "wire/schema/schema.hpp"

#include <string_view>

namespace breakwater::wire {

// The bodies of the requests that the server sends to webhooks.

struct alert_message { ///< AlertMessage
    schema::constant<"alert"> type;
    alert_change change = alert_change::raised;
    timestamp sent_at{};
    alert_response alert;
};

struct message_receiver { ///< MessageReceiver
    webhook_id id = 0;
    std::string_view name;
};

struct test_message { ///< TestMessage
    schema::constant<"test"> type;
    timestamp sent_at{};
    message_receiver webhook;
};

} // namespace breakwater::wire
