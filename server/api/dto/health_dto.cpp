#include "api/dto/health_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"

namespace breakwater::api::dto {

BOOST_DESCRIBE_STRUCT(health_response, (),
                      (status, application, time, environment, version, uptime_seconds, registration,
                       retention_held_until))
BOOST_DESCRIBE_STRUCT(readiness_check, (), (name, ok, detail))
BOOST_DESCRIBE_STRUCT(readiness_response, (), (status, checks))

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

template <>
struct about<dto::health_response> {
    static constexpr std::string_view name = "Health";
    static constexpr std::string_view description = "The server is alive.";
    static constexpr std::string_view example =
        R"({"status":"ok","application":"Breakwater","time":"2026-01-15T12:00:00Z","environment":"local",)"
        R"("version":"0.1.0","uptime_seconds":3600,"registration":"open","retention_held_until":null})";
    static constexpr std::array notes{
        field_note{"status", "Always `ok`."},
        field_note{"application", "The installation's name."},
        field_note{"time", "The server's clock, in UTC."},
        field_note{"environment", "As configured: `local`, `production`, …"},
        field_note{"version", "The server's version."},
        field_note{"uptime_seconds", "How long it has been running."},
        field_note{"registration", "Who may make an account: `open`, `invite` or `closed`."},
        field_note{"retention_held_until", "Until when nothing is removed for its age, because the clock "
                                           "jumped; null: the clock is fine."}};
};

template <>
struct about<dto::readiness_check> {
    static constexpr std::string_view name = "ReadinessCheck";
    static constexpr std::string_view description = "One thing that the server needs.";
    static constexpr std::string_view example = R"({"name":"database","ok":true,"detail":""})";
    static constexpr std::array notes{field_note{"name", "What was looked at."},
                                      field_note{"ok", "Whether it is as it must be."},
                                      field_note{"detail", "A sentence, where it isn't."}};
};

template <>
struct about<dto::readiness_response> {
    static constexpr std::string_view name = "Readiness";
    static constexpr std::string_view description = "Whether the server can do its work.";
    static constexpr std::string_view example =
        R"({"status":"ready","checks":[{"name":"database","ok":true,"detail":""}]})";
    static constexpr std::array notes{field_note{"status", "`ready` or `unavailable`."},
                                      field_note{"checks", "What was looked at."}};
};

template void write(std::string&, const dto::health_response&);
template void write(std::string&, const dto::readiness_response&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_health_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<health_response>(direction::response));
    to.push_back(component_of<readiness_check>(direction::response));
    to.push_back(component_of<readiness_response>(direction::response));
}
