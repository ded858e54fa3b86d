#include "wire/command_rows.hpp"

#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(listed_device, (),
                      (id, name, category, status, owner, created_at, updated_at, simulated, never_heard,
                       blocked_by, blocked_reason, blocked_at))

template void schema::write(std::string&, const listed_device&);

} // namespace breakwater::wire
