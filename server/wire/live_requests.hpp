#pragma once

#include "base/ids.hpp"
#include "domain/category.hpp"
#include "wire/schema/schema.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace breakwater::wire {

// What a live client sends. `live` reads these messages member by member, because each mistake has a reply of
// its own; the structs describe them for the AsyncAPI document.

using subscription_id = schema::text<0, 64>;

struct live_subscription { ///< LiveSubscription
    subscription_id id;
    schema::omittable<std::vector<device_id>> devices;
    schema::omittable<std::vector<category>> categories;
    schema::omittable<bool> all;
    schema::omittable<bool> alerts;
    schema::omittable<bool> security_events;
    schema::omittable<bool> include_simulated;
};

struct live_hello { ///< LiveHello
    schema::constant<"hello"> type;
    schema::omittable<std::string> ticket;
    schema::omittable<std::string> token;
    schema::omittable<std::string> cursor;
    schema::omittable<std::vector<live_subscription>> subscriptions;
};

struct live_subscribe { ///< LiveSubscribe
    schema::constant<"subscribe"> type;
    subscription_id id;
    schema::omittable<std::vector<device_id>> devices;
    schema::omittable<std::vector<category>> categories;
    schema::omittable<bool> all;
    schema::omittable<bool> alerts;
    schema::omittable<bool> security_events;
    schema::omittable<bool> include_simulated;
};

struct live_unsubscribe { ///< LiveUnsubscribe
    schema::constant<"unsubscribe"> type;
    subscription_id id;
};

struct live_renew { ///< LiveRenew
    schema::constant<"renew"> type;
    schema::omittable<std::string> ticket;
    schema::omittable<std::string> token;
};

struct live_client_heartbeat { ///< LiveClientHeartbeat
    schema::constant<"heartbeat"> type;
};

} // namespace breakwater::wire
