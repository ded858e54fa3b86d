#include "wire/live_requests.hpp"

#include "wire/message_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(live_subscription, (),
                      (id, devices, categories, all, alerts, security_events, include_simulated))
BOOST_DESCRIBE_STRUCT(live_hello, (), (type, ticket, token, cursor, subscriptions))
BOOST_DESCRIBE_STRUCT(live_subscribe, (),
                      (type, id, devices, categories, all, alerts, security_events, include_simulated))
BOOST_DESCRIBE_STRUCT(live_unsubscribe, (), (type, id))
BOOST_DESCRIBE_STRUCT(live_renew, (), (type, ticket, token))
BOOST_DESCRIBE_STRUCT(live_client_heartbeat, (), (type))

} // namespace breakwater::wire

namespace breakwater::wire::schema {

constexpr field_note type_note{"type", "The kind of message."};
constexpr field_note id_note{"id", "The subscription's id, which the client chooses."};
constexpr field_note devices_note{"devices", "Events of these devices; at most 1,000."};
constexpr field_note categories_note{"categories", "Events of the devices of these categories."};
constexpr field_note all_note{"all", "Whether to send the events of all devices."};
constexpr field_note alerts_note{"alerts", "Whether to send alerts."};
constexpr field_note security_note{"security_events",
                                   "Whether to send entries of the audit log; for administrators."};
constexpr field_note simulated_note{"include_simulated",
                                    "Whether to also send simulated events; true if absent."};
constexpr field_note ticket_note{"ticket", "A ticket from POST /live/ticket; instead of `token`."};
constexpr field_note token_note{"token", "An access token; instead of `ticket`."};

template <>
struct about<wire::live_subscription> {
    static constexpr std::string_view name = "LiveSubscription";
    static constexpr std::string_view description =
        "The events that a client wants to receive. It selects at least one kind of event.";
    static constexpr std::string_view example = R"({"id":"a","all":true})";
    static constexpr std::array notes{id_note,     devices_note,  categories_note, all_note,
                                      alerts_note, security_note, simulated_note};
};

template <>
struct about<wire::live_hello> {
    static constexpr std::string_view name = "LiveHello";
    static constexpr std::string_view description =
        "The first message, within ten seconds: the credential, and the events that the client wants.";
    static constexpr std::string_view example =
        R"({"type":"hello","ticket":"mX3eYb0Qk2nqkH4tq0o3yq1c7l8m5n2p9r6s4t1u0vw",)"
        R"("subscriptions":[{"id":"a","all":true}]})";
    static constexpr std::array notes{
        type_note, ticket_note, token_note,
        field_note{"cursor", "The last cursor of an earlier connection: the server continues after it."},
        field_note{"subscriptions", "The first subscriptions; at most 32."}};
};

template <>
struct about<wire::live_subscribe> {
    static constexpr std::string_view name = "LiveSubscribe";
    static constexpr std::string_view description =
        "Adds a subscription, or replaces the one with the same id. A connection may have 32.";
    static constexpr std::string_view example = R"({"type":"subscribe","id":"b","alerts":true})";
    static constexpr std::array notes{type_note, id_note,     devices_note,  categories_note,
                                      all_note,  alerts_note, security_note, simulated_note};
};

template <>
struct about<wire::live_unsubscribe> {
    static constexpr std::string_view name = "LiveUnsubscribe";
    static constexpr std::string_view description = "Removes a subscription.";
    static constexpr std::string_view example = R"({"type":"unsubscribe","id":"b"})";
    static constexpr std::array notes{type_note, id_note};
};

template <>
struct about<wire::live_renew> {
    static constexpr std::string_view name = "LiveRenew";
    static constexpr std::string_view description =
        "A new credential of the same account, before the previous one expires.";
    static constexpr std::string_view example =
        R"({"type":"renew","ticket":"mX3eYb0Qk2nqkH4tq0o3yq1c7l8m5n2p9r6s4t1u0vw"})";
    static constexpr std::array notes{type_note, ticket_note, token_note};
};

template <>
struct about<wire::live_client_heartbeat> {
    static constexpr std::string_view name = "LiveClientHeartbeat";
    static constexpr std::string_view description =
        "Shows that the client is alive; every 5 seconds. The server doesn't answer it.";
    static constexpr std::string_view example = R"({"type":"heartbeat"})";
    static constexpr std::array notes{type_note};
};

} // namespace breakwater::wire::schema

void breakwater::wire::add_live_request_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<live_subscription>(direction::request));
    components.push_back(component_of<live_hello>(direction::request));
    components.push_back(component_of<live_subscribe>(direction::request));
    components.push_back(component_of<live_unsubscribe>(direction::request));
    components.push_back(component_of<live_renew>(direction::request));
    components.push_back(component_of<live_client_heartbeat>(direction::request));
}
