#include "wire/health_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(health_response, (),
                      (status, application, time, environment, version, uptime_seconds, registration,
                       retention_held_until))
BOOST_DESCRIBE_STRUCT(readiness_check, (), (name, ok, detail))
BOOST_DESCRIBE_STRUCT(readiness_response, (), (status, checks))

} // namespace breakwater::wire

namespace breakwater::wire::schema {

template <>
struct about<wire::health_response> {
    static constexpr std::string_view name = "Health";
    static constexpr std::string_view description = "Shows that the server process is alive.";
    static constexpr std::string_view example =
        R"({"status":"ok","application":"Breakwater","time":"2026-01-15T12:00:00Z","environment":"local",)"
        R"("version":"0.1.0","uptime_seconds":3600,"registration":"open","retention_held_until":null})";
    static constexpr std::array notes{
        field_note{"status", "Always `ok`."},
        field_note{"application", "The installation's name."},
        field_note{"time", "The server's clock, in UTC."},
        field_note{"environment", "The configured environment: `local`, `production`, …"},
        field_note{"version", "The server's version."},
        field_note{"uptime_seconds", "How long the server has been running, in seconds."},
        field_note{"registration",
                   "Who may register: `open` (everyone), `invite` (with an invitation) or `closed` "
                   "(nobody)."},
        field_note{"retention_held_until", "Until when retention is on hold because the clock jumped: "
                                           "nothing is removed for its age. Null if retention runs."}};
};

template <>
struct about<wire::readiness_check> {
    static constexpr std::string_view name = "ReadinessCheck";
    static constexpr std::string_view description = "The check of one resource that the server needs.";
    static constexpr std::string_view example = R"({"name":"database","ok":true,"detail":""})";
    static constexpr std::array notes{
        field_note{"name", "The checked resource: `database` or `disk`."},
        field_note{"ok", "Whether the check passed."},
        field_note{"detail", "What is wrong, as a sentence; empty if the check passed."}};
};

template <>
struct about<wire::readiness_response> {
    static constexpr std::string_view name = "Readiness";
    static constexpr std::string_view description = "Shows whether the server can do its work.";
    static constexpr std::string_view example =
        R"({"status":"ready","checks":[{"name":"database","ok":true,"detail":""}]})";
    static constexpr std::array notes{
        field_note{"status", "`ready` if every check passed, else `unavailable`."},
        field_note{"checks", "The result of each check."}};
};

template void write(std::string&, const wire::health_response&);
template void write(std::string&, const wire::readiness_response&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_health_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<health_response>(direction::response));
    components.push_back(component_of<readiness_check>(direction::response));
    components.push_back(component_of<readiness_response>(direction::response));
}
