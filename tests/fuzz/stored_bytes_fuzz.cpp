// What readers of stored bytes are given when the disk lies. The entry point is libFuzzer's, so that a build
// with clang can drive it too; here fuzz_driver.cpp does.

#include "storage/blocks/block.hpp"
#include "storage/blocks/compression.hpp"
#include "storage/blocks/latest_values.hpp"
#include "storage/blocks/rollup.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace breakwater;
using namespace breakwater::storage::blocks;

/// As it would be stored: with a frame whose checksum is right, so that the decoder behind it is reached.
std::string framed(std::string_view content) {
    std::string out{'\x01'};
    append_compressed(out, content);
    return out;
}

void read_block(std::string_view bytes) {
    auto opened = block::open(bytes);
    if (!opened)
        return;
    std::string payload;
    if (opened->read_payloads())
        for (std::size_t row = 0; row < opened->rows().size(); ++row) {
            payload.clear();
            opened->append_payload(payload, row);
        }
    if (const auto names = opened->fields(300))
        for (const std::string& name : *names)
            (void)opened->numbers(name);
    (void)opened->newest_rows({});
}

void read_rollup(std::string_view bytes) {
    for (const rollup_level level : rollup_levels)
        if (const auto chunk = rollup_chunk::read(bytes, level, timestamp{}))
            (void)chunk->write(level, timestamp{});
}

void read_latest(std::string_view bytes) {
    if (const auto values = latest_values::read(bytes))
        (void)values->write();
}

} // namespace

/// The first byte says what the others are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
    switch (data[0] % 5) {
    case 0: read_block(rest); break;
    case 1: read_block(framed(rest)); break;
    case 2: read_rollup(rest); break;
    case 3: read_rollup(framed(rest)); break;
    default: read_latest(rest);
    }
    return 0;
}
