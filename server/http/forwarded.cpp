#include "http/forwarded.hpp"

#include "http/characters.hpp"
#include "http/field_scanner.hpp"

#include <utility>

namespace breakwater::http {

bool read_forwarded(std::string_view field, std::vector<forwarded_element>& into) {
    field_scanner scanner{field};
    while (!scanner.at_end()) {
        forwarded_element element;
        bool by = false;
        bool host = false;
        bool any = false;
        do {
            scanner.skip_space();
            const std::string_view name = scanner.token();
            if (name.empty())
                continue; // `;` may stand without a pair
            if (!scanner.take('='))
                return false;
            auto value = scanner.token_or_quoted_string();
            const bool twice = (equals_lower(name, "for") && element.from.has_value()) ||
                               (equals_lower(name, "proto") && element.proto.has_value()) ||
                               (equals_lower(name, "by") && std::exchange(by, true)) ||
                               (equals_lower(name, "host") && std::exchange(host, true));
            if (!value || twice)
                return false;
            any = true;
            if (equals_lower(name, "for"))
                element.from = std::move(value);
            else if (equals_lower(name, "proto"))
                element.proto = std::move(value);
            scanner.skip_space();
        } while (scanner.take(';'));
        if (any)
            into.push_back(std::move(element));
        if (!scanner.at_end() && !scanner.take(','))
            return false;
    }
    return true;
}

} // namespace breakwater::http
