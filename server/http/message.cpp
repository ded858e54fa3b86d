#include "http/message.hpp"

#include "base/json_text.hpp"
#include "http/status.hpp"

namespace breakwater::http {

std::string_view to_string(method value) noexcept {
    switch (value) {
    case method::get: return "GET";
    case method::head: return "HEAD";
    case method::post: return "POST";
    case method::put: return "PUT";
    case method::patch: return "PATCH";
    case method::delete_: return "DELETE";
    case method::options: return "OPTIONS";
    }
    return "";
}

namespace {

void add_limit(response& document, const limit_info& limit, std::optional<std::chrono::seconds> retry_after) {
    const std::string quota = std::to_string(limit.quota);
    const std::string remaining = std::to_string(limit.remaining);
    document.body += R"(,"limit":{"name":")"; // the names are constants: nothing to escape
    document.body += limit.name;
    document.body += R"(","quota":)" + quota;
    document.body += R"(,"left":)" + remaining;
    document.body +=
        R"(,"window_seconds":)" + (limit.window ? std::to_string(limit.window->count()) : "null");
    document.body +=
        R"(,"retry_after":)" + (retry_after ? std::to_string(retry_after->count()) : "null") + "}";
    if (!limit.window)
        return;
    const std::string name = '"' + std::string{limit.name} + '"';
    document.headers.emplace_back("RateLimit-Policy",
                                  name + ";q=" + quota + ";w=" + std::to_string(limit.window->count()));
    std::string state = name + ";r=" + remaining;
    if (retry_after)
        state += ";t=" + std::to_string(retry_after->count());
    document.headers.emplace_back("RateLimit", std::move(state));
}

} // namespace

std::optional<std::string_view> request::header(std::string_view name) const noexcept {
    for (const auto& [field, value] : headers)
        if (field == name)
            return value;
    return std::nullopt;
}

std::optional<std::string> request::list_header(std::string_view name) const {
    std::optional<std::string> list;
    for (const auto& [field, value] : headers) {
        if (field != name)
            continue;
        if (list)
            (*list += ", ") += value;
        else
            list = value;
    }
    return list;
}

response problem(unsigned status, std::string_view detail, const std::vector<field_error>& fields,
                 const std::optional<limit_info>& limit, std::optional<std::chrono::seconds> retry_after) {
    response document;
    document.status = status;
    document.content_type = problem_type;
    std::string& out = document.body;
    out.reserve(96 + detail.size() + fields.size() * 64);
    out += R"({"type":"about:blank","title":)";
    append_json_string(out, reason_phrase(status));
    out += R"(,"status":)";
    out += std::to_string(status);
    out += R"(,"detail":)";
    append_json_string(out, detail);
    if (!fields.empty()) {
        out += R"(,"errors":[)";
        for (const field_error& field : fields) {
            out += out.back() == '[' ? R"({"loc":)" : R"(,{"loc":)";
            append_json_string(out, field.loc);
            out += R"(,"msg":)";
            append_json_string(out, field.msg);
            out += '}';
        }
        out += ']';
    }
    if (limit)
        add_limit(document, *limit, retry_after);
    out += '}';
    if (retry_after)
        document.headers.emplace_back("Retry-After", std::to_string(retry_after->count()));
    return document;
}

} // namespace breakwater::http
