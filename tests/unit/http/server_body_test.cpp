#include "unit/http/test_server.hpp"

#include <zlib.h>

namespace breakwater::test {
namespace {

using http::request;
using http::response;

std::string gunzip(const std::string& bytes) {
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK)
        return "inflateInit2 failed";
    std::string out(16U << 20, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return ended == Z_STREAM_END ? out : "not a whole gzip stream";
}

/// Gives `pieces` times 1,000 bytes; then it ends, or fails where it is to.
class counted_source final : public http::body_source {
public:
    counted_source(int pieces, bool fails, std::shared_ptr<std::promise<void>> gone)
        : left_{pieces}, fails_{fails}, gone_{std::move(gone)} {}
    ~counted_source() override {
        if (gone_)
            gone_->set_value();
    }
    result<bool> next(std::string& out) override {
        if (left_ == 0 && fails_)
            return fail(errc::storage_unavailable, "The disk is on fire.");
        out.append(left_ > 0 ? 1000 : 0, 'x');
        return --left_ > 0 || (left_ == 0 && fails_);
    }

private:
    int left_;
    bool fails_;
    std::shared_ptr<std::promise<void>> gone_;
};

const std::string page = "body { color: #123456 }\n" + std::string(8000, ' ') + "p {}\n";
const std::string small_page = "p {}\n";

http::route stream_route(std::string_view path, int pieces, bool fails,
                         std::shared_ptr<std::promise<void>> gone = {}) {
    return get(path, [=](request&) {
        response made;
        made.content_type = "text/csv";
        made.stream = std::make_unique<counted_source>(pieces, fails, gone);
        return made;
    });
}

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/large", [](request&) { return text(std::string(100'000, 'a')); }));
    table.push_back(get("/small", [](request&) { return text("a"); }));
    table.push_back(get("/picture", [](request&) {
        response made = text(std::string(100'000, 'a'));
        made.content_type = "image/png";
        return made;
    }));
    table.push_back(get("/page", [](request&) {
        response made;
        made.content_type = "text/css";
        made.static_body = page;
        made.cacheable = true;
        return made;
    }));
    table.push_back(get("/small-page", [](request&) {
        response made;
        made.content_type = "text/css";
        made.static_body = small_page;
        made.cacheable = true;
        made.headers.emplace_back("Cache-Control", "public, max-age=60");
        made.content_security_policy = "default-src 'self'";
        return made;
    }));
    table.push_back(stream_route("/stream", 50, false));
    table.push_back(stream_route("/breaks", 50, true));
    table.push_back(stream_route("/fails", 0, true));
    table.push_back(stream_route("/empty", 1, false));
    return table;
}

std::string ask_for(const std::string& path, const std::string& fields = "",
                    const std::string& verb = "GET") {
    return verb + ' ' + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

class server_body : public testing::Test {
protected:
    test_server house{routes()};
    raw_client client{house.port()};
};

TEST_F(server_body, compresses_what_is_large_for_whoever_takes_it) {
    const raw_answer plain = client.ask(ask_for("/large"));
    EXPECT_EQ(plain.body.size(), 100'000U);
    EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
    EXPECT_FALSE(plain.has("content-encoding"));
    const raw_answer packed = client.ask(ask_for("/large", "Accept-Encoding: br, gzip;q=0.5\r\n"));
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_EQ(packed.header("vary"), "Accept-Encoding");
    EXPECT_LT(packed.body.size(), 1000U);
    EXPECT_EQ(gunzip(packed.body), plain.body);
    EXPECT_FALSE(client.ask(ask_for("/large", "Accept-Encoding: gzip;q=0\r\n")).has("content-encoding"));
    EXPECT_FALSE(
        client.ask(ask_for("/large", "Accept-Encoding: identity, gzip;q=0.5\r\n")).has("content-encoding"));
    EXPECT_EQ(client.ask(ask_for("/large", "Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n"))
                  .header("content-encoding"),
              "gzip");
    EXPECT_FALSE(client.ask(ask_for("/small", "Accept-Encoding: gzip\r\n")).has("content-encoding"));
    EXPECT_FALSE(client.ask(ask_for("/picture", "Accept-Encoding: gzip\r\n")).has("content-encoding"));
}

TEST_F(server_body, gives_head_the_length_of_the_compressed_body) {
    const raw_answer packed = client.ask(ask_for("/large", "Accept-Encoding: gzip\r\n"));
    client.send(ask_for("/large", "Accept-Encoding: gzip\r\n", "HEAD"));
    const raw_answer head = client.read_answer(true);
    EXPECT_EQ(head.header("content-length"), packed.header("content-length"));
    EXPECT_EQ(head.header("content-encoding"), "gzip");
}

TEST_F(server_body, serves_a_static_page_with_its_tag) {
    for (int i = 0; i < 2; ++i) {
        const raw_answer plain = client.ask(ask_for("/page"));
        EXPECT_EQ(plain.body, page);
        EXPECT_EQ(plain.header("cache-control"), "no-cache");
        ASSERT_TRUE(plain.has("etag"));
        const raw_answer packed = client.ask(ask_for("/page", "Accept-Encoding: gzip\r\n"));
        EXPECT_EQ(packed.header("content-encoding"), "gzip");
        EXPECT_EQ(gunzip(packed.body), page);
        const raw_answer same =
            client.ask(ask_for("/page", "If-None-Match: \"x\", " + plain.header("etag") + "\r\n"));
        EXPECT_EQ(same.status, 304);
        EXPECT_EQ(same.header("etag"), plain.header("etag"));
        EXPECT_EQ(client.ask(ask_for("/page", "If-None-Match: W/\"0\"\r\n")).status, 200);
        // Compared weakly (RFC 9110 section 13.1.2), in a list over two lines (section 5.3).
        const std::string strong = plain.header("etag").substr(2);
        EXPECT_EQ(
            client.ask(ask_for("/page", "If-None-Match: \"x\"\r\nIf-None-Match: " + strong + "\r\n")).status,
            304);
    }
    const raw_answer small = client.ask(ask_for("/small-page"));
    EXPECT_EQ(small.body, small_page);
    EXPECT_EQ(small.header("cache-control"), "public, max-age=60");
    EXPECT_EQ(small.header("content-security-policy"), "default-src 'self'");
    EXPECT_NE(small.header("etag"), client.ask(ask_for("/page")).header("etag"));
}

TEST_F(server_body, streams_in_chunks) {
    for (int i = 0; i < 2; ++i) {
        const raw_answer answer = client.ask(ask_for("/stream"));
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
        EXPECT_FALSE(answer.has("content-length"));
        EXPECT_FALSE(answer.cut_off);
        EXPECT_EQ(answer.body, std::string(50'000, 'x'));
    }
    const raw_answer packed = client.ask(ask_for("/stream", "Accept-Encoding: gzip\r\n"));
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_EQ(gunzip(packed.body), std::string(50'000, 'x'));
    client.send(ask_for("/stream", "", "HEAD"));
    EXPECT_EQ(client.read_answer(true).status, 200);
    EXPECT_EQ(client.ask(ask_for("/small")).body, "a");
}

TEST_F(server_body, streams_to_an_old_client_until_the_end) {
    const raw_answer answer = client.ask("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_FALSE(answer.has("transfer-encoding"));
    EXPECT_EQ(answer.body, std::string(50'000, 'x'));
}

TEST_F(server_body, cuts_the_connection_where_a_stream_breaks_off) {
    const raw_answer answer = client.ask(ask_for("/breaks"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.cut_off);
}

TEST_F(server_body, says_so_where_a_stream_fails_before_it_began) {
    const raw_answer answer = client.ask(ask_for("/fails"));
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("fire"), std::string::npos);
    EXPECT_EQ(client.ask(ask_for("/small")).body, "a");
}

TEST(server_stream, ends_its_source_when_the_client_goes) {
    const auto gone = std::make_shared<std::promise<void>>();
    std::vector<http::route> table;
    table.push_back(stream_route("/endless", 1'000'000'000, false, gone));
    test_server house{std::move(table)};
    raw_client client{house.port()};
    client.send(ask_for("/endless"));
    client.hang_up();
    EXPECT_EQ(gone->get_future().wait_for(std::chrono::seconds{30}), std::future_status::ready);
}

TEST(server_cors, tells_browsers_who_may_read) {
    http::server_options options;
    options.cors_origins = {"https://a.example", "https://b.example"};
    test_server house{routes(), options};
    raw_client client{house.port()};
    const raw_answer allowed = client.ask(ask_for("/small", "Origin: https://b.example\r\n"));
    EXPECT_EQ(allowed.header("access-control-allow-origin"), "https://b.example");
    EXPECT_EQ(allowed.header("access-control-expose-headers"),
              "X-Request-Id, X-Next-Cursor, Link, Retry-After, WWW-Authenticate, Content-Disposition");
    EXPECT_EQ(allowed.header("vary"), "Origin");
    const raw_answer other = client.ask(ask_for("/small", "Origin: https://b.example.evil\r\n"));
    EXPECT_FALSE(other.has("access-control-allow-origin"));
    EXPECT_EQ(other.header("vary"), "Origin");
    const std::string preflight = "Access-Control-Request-Method: GET\r\n";
    const raw_answer granted =
        client.ask(ask_for("/small", "Origin: https://a.example\r\n" + preflight, "OPTIONS"));
    EXPECT_EQ(granted.status, 204);
    EXPECT_EQ(granted.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(granted.header("access-control-allow-headers"), "Authorization, Content-Type, X-Request-Id");
    EXPECT_EQ(granted.header("access-control-max-age"), "600");
    const raw_answer denied =
        client.ask(ask_for("/small", "Origin: https://c.example\r\n" + preflight, "OPTIONS"));
    EXPECT_EQ(denied.status, 204);
    EXPECT_FALSE(denied.has("access-control-allow-methods"));
}

TEST(server_cors, may_be_open_to_all) {
    http::server_options options;
    options.cors_origins = {"*"};
    test_server house{routes(), options};
    raw_client client{house.port()};
    const raw_answer answer = client.ask(ask_for("/small", "Origin: https://c.example\r\n"));
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
    EXPECT_FALSE(answer.has("vary"));
    EXPECT_FALSE(client.ask(ask_for("/small")).has("access-control-allow-origin"));
}

/// A body whose end doesn't come yet, of which so many bytes do.
std::string begin_body(std::size_t bytes) {
    return "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + std::string(bytes, 'x');
}

TEST(server_memory, large_bodies_are_refused_first_and_small_ones_pass) {
    std::vector<http::route> table;
    table.push_back(
        {http::method::post,
         "/take",
         http::credential::none,
         http::inline_handler{[](request& asked) { return text(std::to_string(asked.body.size())); }},
         {}});
    test_server house{std::move(table), {.max_bodies_bytes = 4U << 20}};
    const auto upload = [](std::size_t bytes) {
        return "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
               std::string(bytes, 'x');
    };
    const auto ask = [&](std::size_t bytes) { return raw_client{house.port()}.ask(upload(bytes)); };
    EXPECT_EQ(ask(100'000).body, "100000");
    EXPECT_EQ(ask(600'000).status, 503) << "more than a sixteenth of what is free";

    std::vector<std::unique_ptr<raw_client>> flood;
    raw_answer refused;
    for (int i = 0; i < 200 && refused.status != 503; ++i) {
        flood.emplace_back(std::make_unique<raw_client>(house.port()))->send(begin_body(100'000));
        refused = ask(100'000);
    }
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    EXPECT_EQ(ask(2000).body, "2000") << "an honest upload of the same address";
    for (auto& each : flood)
        each->hang_up();
    // The server sees that they are gone a moment later.
    for (int i = 0; i < 1000; ++i) {
        if (ask(100'000).status == 200)
            return;
    }
    FAIL() << "what was held is not given back";
}

} // namespace
} // namespace breakwater::test
