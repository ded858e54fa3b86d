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

std::optional<std::string_view> request::header(std::string_view name) const noexcept {
    for (const auto& [field, value] : headers)
        if (field == name)
            return value;
    return std::nullopt;
}

response problem(unsigned status, std::string_view detail, const std::vector<field_error>& fields) {
    response made;
    made.status = status;
    made.content_type = problem_type;
    std::string& out = made.body;
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
    out += '}';
    return made;
}

} // namespace breakwater::http
