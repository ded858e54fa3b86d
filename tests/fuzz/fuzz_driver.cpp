// Drives stored_bytes_fuzz.cpp without a fuzzer: takes whole inputs and changes them at random, from a seed
// that is told, so that what fails can be run again.
//   stored_bytes_fuzz [runs] [seed]

#include "storage/blocks/block.hpp"
#include "storage/blocks/compression.hpp"
#include "storage/blocks/latest_values.hpp"
#include "storage/blocks/rollup.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace breakwater;
using namespace breakwater::storage::blocks;

std::vector<reading> some_readings(std::mt19937_64& random) {
    std::vector<reading> out;
    const std::size_t count = 1 + random() % 40;
    const auto number = [&] { return std::to_string(static_cast<int>(random() % 2000) - 1000); };
    for (std::size_t i = 0; i < count; ++i) {
        std::string payload = R"({"t":)" + number() + "." + std::to_string(random() % 10) + R"(,"s":")" +
                              std::string(random() % 5, 'x') + R"(","at":"2026-01-15T12:00:)" +
                              std::to_string(10 + random() % 50) + R"(Z","b":)" +
                              (random() % 2 == 0 ? "true" : "null");
        if (random() % 4 == 0)
            payload += R"(,"f)" + number() + R"(":1e)" + std::to_string(random() % 30);
        out.push_back({.id = static_cast<reading_id>(i + 1),
                       .device_id = {},
                       .device_timestamp =
                           random() % 3 == 0
                               ? std::nullopt
                               : std::optional{timestamp{} + std::chrono::seconds{random() % 1'000'000'000}},
                       .received_at = timestamp{} + std::chrono::seconds{1'700'000'000 + 5 * i},
                       .payload = payload + "}",
                       .simulated = random() % 7 == 0});
    }
    return out;
}

/// A whole input for each kind of target.
std::vector<std::string> whole_inputs(std::mt19937_64& random) {
    const auto readings = some_readings(random);
    const std::string bytes = encode(readings);
    const auto opened = block::open(bytes);
    std::vector<reading_id> ids;
    latest_values last;
    payload_values reader;
    for (const reading& each : readings) {
        ids.push_back(each.id);
        last.add(each, reader);
    }
    const auto content_of = [](std::string_view of) {
        return decompressed(of.substr(1), max_content).value();
    };
    std::vector<std::string> out{'\0' + bytes, '\1' + content_of(bytes), '\4' + last.write()};
    const auto parts = roll_up({&*opened, 1}, ids).value();
    for (const rollup_part& part : parts) {
        const std::string rollup = part.chunk.write(part.level, part.begins);
        out.push_back('\2' + rollup);
        out.push_back('\3' + content_of(rollup));
    }
    return out;
}

void change(std::string& input, std::mt19937_64& random) {
    for (std::size_t times = 1 + random() % 6; times > 0 && input.size() > 1; --times) {
        const std::size_t at = 1 + random() % (input.size() - 1);
        switch (random() % 5) {
        case 0: input[at] = static_cast<char>(random()); break;
        case 1: input[at] = static_cast<char>(input[at] ^ (1 << random() % 8)); break;
        case 2: input.erase(at, 1 + random() % 8); break;
        case 3:
            input.insert(at, 1 + random() % 8, static_cast<char>(random() % 2 == 0 ? 0xff : random()));
            break;
        default: input.resize(at);
        }
    }
}

} // namespace

int main(int argc, char** argv) {
    const long runs = argc > 1 ? std::atol(argv[1]) : 20'000;
    const long seed = argc > 2 ? std::atol(argv[2]) : 1;
    std::printf("%ld runs from seed %ld\n", runs, seed);
    std::mt19937_64 random{static_cast<std::uint64_t>(seed)};
    std::vector<std::string> whole;
    for (long run = 0; run < runs; ++run) {
        if (run % 100 == 0)
            whole = whole_inputs(random);
        std::string input = whole[random() % whole.size()];
        if (run % 10 != 0) // now and then one as it is
            change(input, random);
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    }
    return 0;
}
