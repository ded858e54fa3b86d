#include "storage/blocks/obsolete_names.hpp"

#include "domain/field_name.hpp"

namespace breakwater::storage::blocks {

bool is_obsolete_name(std::string_view name) {
    return name.find_first_of("\\,[]") != name.npos || !parse_field_name(name);
}

} // namespace breakwater::storage::blocks
