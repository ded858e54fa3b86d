#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <string_view>

// Shared by all targets. Each target defines the entry point of libFuzzer and checks its properties with
// `require`.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace breakwater::fuzz {

/// Aborts the process if the property does not hold; the fuzzer then saves the input.
inline void require(bool holds, std::string_view property,
                    std::source_location location = std::source_location::current()) {
    if (holds)
        return;
    std::fprintf(stderr, "%s:%u: violated: %.*s\n", location.file_name(),
                 static_cast<unsigned>(location.line()), static_cast<int>(property.size()), property.data());
    std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) noexcept {
    return {reinterpret_cast<const char*>(data), size};
}

/// Whether `part` is a view into `whole`, not into a copy.
inline bool lies_within(std::string_view part, std::string_view whole) noexcept {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

} // namespace breakwater::fuzz
