#include "http/forwarded.hpp"

#include "http/characters.hpp"
#include "http/field_scanner.hpp"

#include <utility>

namespace breakwater::http {

bool read_forwarded(std::string_view field, std::vector<forwarded_element>& elements) {
    field_scanner scanner{field};
    while (!scanner.at_end()) {
        forwarded_element element;
        bool has_by = false;
        bool has_host = false;
        bool has_pair = false;
        do {
            scanner.skip_space();
            const std::string_view name = scanner.token();
            if (name.empty())
                continue; // a `;` without a pair is allowed
            if (!scanner.consume('='))
                return false;
            auto value = scanner.token_or_quoted_string();
            const bool repeated = (equals_lower(name, "for") && element.from.has_value()) ||
                                  (equals_lower(name, "proto") && element.proto.has_value()) ||
                                  (equals_lower(name, "by") && std::exchange(has_by, true)) ||
                                  (equals_lower(name, "host") && std::exchange(has_host, true));
            if (!value || repeated)
                return false;
            has_pair = true;
            if (equals_lower(name, "for"))
                element.from = std::move(value);
            else if (equals_lower(name, "proto"))
                element.proto = std::move(value);
            scanner.skip_space();
        } while (scanner.consume(';'));
        if (has_pair)
            elements.push_back(std::move(element));
        if (!scanner.at_end() && !scanner.consume(','))
            return false;
    }
    return true;
}

} // namespace breakwater::http
