#include "base/json_text.hpp"
#include "support/seeded_random.hpp"
#include "telemetry/csv_export.hpp"
#include "telemetry/ndjson_export.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono_literals;

/// Stored readings that are read page by page. Tests can add readings between the pages.
class stored_range {
public:
    explicit stored_range(std::size_t page_size) : page_size_{page_size} {}

    void add(std::string payload, std::chrono::seconds at) {
        reading row;
        row.id = static_cast<reading_id>(rows_.size() + 1);
        row.device_id = *uuid::parse("00112233-4455-4677-8899-aabbccddeeff");
        row.received_at = timestamp{at};
        row.payload = std::move(payload);
        rows_.push_back(std::move(row));
    }
    void add(std::string payload) { add(std::move(payload), std::chrono::seconds{rows_.size()}); }

    page_source source() {
        return [this](std::optional<storage::reading_position> after) -> result<std::vector<reading>> {
            ++pages_read;
            if (before_page)
                before_page(pages_read);
            if (failure)
                return std::unexpected(*failure);
            const auto key = [](const reading& row) { return std::pair{row.received_at, row.id}; };
            std::vector<reading> sorted = rows_;
            std::ranges::sort(sorted, {}, key);
            std::vector<reading> page;
            for (const reading& row : sorted)
                if ((!after || key(row) > std::pair{after->received_at, after->id}) &&
                    page.size() < page_size_)
                    page.push_back(row);
            largest_page = std::max(largest_page, page.size());
            return page;
        };
    }

    int pages_read = 0;
    std::size_t largest_page = 0;
    std::function<void(int)> before_page;
    std::optional<error> failure;

private:
    std::size_t page_size_;
    std::vector<reading> rows_;
};

template <class Export>
std::string all_of(Export& exporter) {
    std::string out;
    std::string piece;
    for (;;) {
        piece.clear();
        const auto more = exporter.next(piece);
        EXPECT_TRUE(more);
        if (!more || !*more)
            break;
        out += piece;
    }
    EXPECT_TRUE(piece.empty());
    return out;
}

constexpr std::string_view id_text = "00112233-4455-4677-8899-aabbccddeeff";

std::string csv_line(int id, int second, std::size_t size, std::string_view cells) {
    return std::to_string(id) + "," + std::string{id_text} + ",,1970-01-01T00:00:0" + std::to_string(second) +
           "Z,false," + std::to_string(size) + std::string{cells} + "\r\n";
}

constexpr std::string_view fixed_header = "id,device_id,device_timestamp,received_at,simulated,payload_size";

TEST(csv_export, of_an_empty_range_is_the_header) {
    stored_range range{10};
    csv_export exporter{range.source()};
    EXPECT_EQ(all_of(exporter), std::string{fixed_header} + "\r\n");
    EXPECT_EQ(exporter.rows(), 0);
}

TEST(csv_export, has_columns_of_fields_that_only_the_last_row_has) {
    stored_range range{2};
    for (const char* payload : {R"({"a":1})", R"({"a":2})", R"({"a":3})", R"({"b":4})", R"({"c":{"d":5}})"})
        range.add(payload);
    csv_export exporter{range.source()};
    EXPECT_EQ(all_of(exporter), std::string{fixed_header} + ",a,b,c.d\r\n" + csv_line(1, 0, 7, ",1,,") +
                                    csv_line(2, 1, 7, ",2,,") + csv_line(3, 2, 7, ",3,,") +
                                    csv_line(4, 3, 7, ",,4,") + csv_line(5, 4, 13, ",,,5"));
    EXPECT_EQ(exporter.rows(), 5);
    EXPECT_EQ(range.largest_page, 2U);
}

TEST(csv_export, leaves_out_readings_stored_after_the_first_pass) {
    stored_range range{2};
    range.add(R"({"a":1})");
    range.add(R"({"a":2})");
    range.before_page = [&](int page) {
        if (page == 3) { // the first page of the second pass
            range.add(R"({"a":3})", 0s);
            range.add(R"({"new":4})", 5s);
        }
    };
    csv_export exporter{range.source()};
    EXPECT_EQ(all_of(exporter),
              std::string{fixed_header} + ",a\r\n" + csv_line(1, 0, 7, ",1") + csv_line(2, 1, 7, ",2"));
}

TEST(csv_export, leaves_out_a_row_with_new_fields_that_the_first_pass_missed) {
    stored_range range{1};
    range.add(R"({"a":1})", 1s);
    range.before_page = [&](int page) {
        if (page == 2) {
            // sorts before the rows read so far, with an id below the highest
            range.add(R"({"unseen":2})", 0s);
            range.add(R"({"a":3})", 2s);
        }
    };
    csv_export exporter{range.source()};
    EXPECT_EQ(all_of(exporter),
              std::string{fixed_header} + ",a\r\n" + csv_line(1, 1, 7, ",1") + csv_line(3, 2, 7, ",3"));
}

TEST(csv_export, scans_a_long_range_in_bounded_steps) {
    int pages = 0;
    // Two passes over as many pages as two and a half calls scan.
    const int last = static_cast<int>(csv_export::max_rows_scanned / 500 * 5 / 2);
    csv_export exporter{[&, number = 0](std::optional<storage::reading_position> after) mutable {
        ++pages;
        number = after ? number + 1 : 0;
        std::vector<reading> page;
        if (number < last)
            for (int i = 0; i < 500; ++i) {
                page.emplace_back();
                page.back().id = number * 500 + i + 1;
                page.back().payload = R"({"a":1})";
            }
        return result<std::vector<reading>>{std::move(page)};
    }};
    std::string out;
    for (int step = 1; step <= 2; ++step) {
        EXPECT_TRUE(*exporter.next(out));
        EXPECT_TRUE(out.empty());
        EXPECT_EQ(pages, step * static_cast<int>(csv_export::max_rows_scanned / 500));
    }
    EXPECT_TRUE(*exporter.next(out));
    EXPECT_TRUE(out.starts_with(fixed_header));
    all_of(exporter);
    EXPECT_EQ(exporter.rows(), last * 500);
}

TEST(csv_export, has_pieces_of_bounded_size) {
    stored_range range{500};
    const std::string text(1000, 'x');
    for (int i = 0; i < 1000; ++i)
        range.add(R"({"text":")" + text + "\"}");
    csv_export exporter{range.source()};
    std::string piece;
    int pieces = 0;
    while (*exporter.next(piece)) {
        EXPECT_LT(piece.size(), export_piece_size + 2000);
        piece.clear();
        ++pieces;
    }
    EXPECT_GT(pieces, 10);
    EXPECT_EQ(exporter.rows(), 1000);
}

TEST(csv_export, bounds_its_columns_for_any_number_of_field_names) {
    stored_range range{100};
    for (int i = 0; i < 1000; ++i)
        range.add("{\"k" + std::to_string(i) + "\":" + std::to_string(i) + "}");
    csv_export exporter{range.source(), 10};
    const std::string out = all_of(exporter);
    const std::string header = out.substr(0, out.find('\r'));
    EXPECT_EQ(header, std::string{fixed_header} + ",k0,k1,k2,k3,k4,k5,k6,k7,k8,k9,payload_rest");
    EXPECT_NE(out.find(R"("{""k999"":999}")"), out.npos);
}

TEST(csv_export, passes_on_errors_of_the_store_in_both_passes) {
    stored_range range{1};
    range.add("{}");
    range.failure = error{.code = errc::storage_unavailable, .detail = "gone"};
    csv_export first{range.source()};
    std::string out;
    EXPECT_EQ(first.next(out).error().code, errc::storage_unavailable);
    EXPECT_TRUE(out.empty());

    range.failure.reset();
    range.pages_read = 0;
    range.before_page = [&](int page) {
        if (page == 3)
            range.failure = error{.code = errc::storage_unavailable, .detail = "gone"};
    };
    csv_export second{range.source()};
    EXPECT_EQ(second.next(out).error().code, errc::storage_unavailable);
}

TEST(ndjson_export, has_one_object_per_line) {
    stored_range range{2};
    range.add(R"({"a":1.50})");
    range.add(R"({"b":"x\ny"})");
    range.add("{}");
    ndjson_export exporter{range.source()};
    const std::string out = all_of(exporter);
    EXPECT_EQ(
        out.substr(0, out.find('\n')),
        R"({"id":1,"device_id":"00112233-4455-4677-8899-aabbccddeeff","device_timestamp":null,)"
        R"("received_at":"1970-01-01T00:00:00Z","simulated":false,"payload":{"a":1.50},"payload_size":10})");
    EXPECT_EQ(std::ranges::count(out, '\n'), 3);
    for (std::size_t start = 0; start < out.size();) {
        const std::size_t end = out.find('\n', start);
        EXPECT_TRUE(read_json(std::string_view{out}.substr(start, end - start)));
        start = end + 1;
    }
    EXPECT_EQ(exporter.rows(), 3);
}

TEST(ndjson_export, has_the_device_timestamp_and_passes_on_errors) {
    bool first = true;
    ndjson_export exporter{[&](std::optional<storage::reading_position>) -> result<std::vector<reading>> {
        if (!std::exchange(first, false))
            return fail(errc::storage_unavailable, "gone");
        reading row;
        row.id = 1;
        row.device_timestamp = timestamp{1500ms};
        row.simulated = true;
        row.payload = "{}";
        return std::vector{row};
    }};
    std::string out;
    EXPECT_EQ(exporter.next(out).error().code, errc::storage_unavailable);
    EXPECT_NE(out.find(R"("device_timestamp":"1970-01-01T00:00:01.500000Z")"), out.npos);
    EXPECT_NE(out.find(R"("simulated":true)"), out.npos);
}

} // namespace
} // namespace breakwater::telemetry
