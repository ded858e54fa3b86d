#pragma once

#include "http/admission.hpp"

namespace breakwater::test {

inline constexpr http::requirement open_to_all{0, "", ""};
inline constexpr http::requirement for_people{1, "userBearer", ""};
inline constexpr http::requirement for_administrators{2, "userBearer", "Administrators only."};
inline constexpr http::requirement for_devices{3, "deviceBearer", ""};

} // namespace breakwater::test
