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
    const int code = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return code == Z_STREAM_END ? out : "not a whole gzip stream";
}

/// Produces 1,000 bytes `pieces` times. Then it ends, or fails if `fails` is set.
class counted_source final : public http::body_source {
public:
    counted_source(int pieces, bool fails, std::shared_ptr<std::promise<void>> destroyed)
        : remaining_{pieces}, fails_{fails}, destroyed_{std::move(destroyed)} {}
    ~counted_source() override {
        if (destroyed_)
            destroyed_->set_value();
    }
    result<bool> next(std::string& out) override {
        if (remaining_ == 0 && fails_)
            return fail(errc::storage_unavailable, "The disk is on fire.");
        out.append(remaining_ > 0 ? 1000 : 0, 'x');
        return --remaining_ > 0 || (remaining_ == 0 && fails_);
    }

private:
    int remaining_;
    bool fails_;
    std::shared_ptr<std::promise<void>> destroyed_;
};

const std::string page = "body { color: #123456 }\n" + std::string(8000, ' ') + "p {}\n";
const std::string small_page = "p {}\n";

http::route stream_route(std::string_view path, int pieces, bool fails,
                         std::shared_ptr<std::promise<void>> destroyed = {}) {
    return get(path, [=](request&) {
        response response;
        response.content_type = "text/csv";
        response.stream = std::make_unique<counted_source>(pieces, fails, destroyed);
        return response;
    });
}

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/large", [](request&) { return text(std::string(100'000, 'a')); }));
    table.push_back(get("/small", [](request&) { return text("a"); }));
    table.push_back(get("/picture", [](request&) {
        response response = text(std::string(100'000, 'a'));
        response.content_type = "image/png";
        return response;
    }));
    table.push_back(get("/page", [](request&) {
        response response;
        response.content_type = "text/css";
        response.static_body = page;
        response.cacheable = true;
        return response;
    }));
    table.push_back(get("/small-page", [](request&) {
        response response;
        response.content_type = "text/css";
        response.static_body = small_page;
        response.cacheable = true;
        response.headers.emplace_back("Cache-Control", "public, max-age=60");
        response.content_security_policy = "default-src 'self'";
        return response;
    }));
    table.push_back(stream_route("/stream", 50, false));
    table.push_back(stream_route("/breaks", 50, true));
    table.push_back(stream_route("/fails", 0, true));
    table.push_back(stream_route("/empty", 1, false));
    return table;
}

std::string make_request(const std::string& path, const std::string& fields = "",
                         const std::string& verb = "GET") {
    return verb + ' ' + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

class server_body : public testing::Test {
protected:
    test_server server{routes()};
    raw_client client{server.port()};
};

TEST_F(server_body, compresses_large_bodies_if_the_client_accepts_it) {
    const raw_response plain = client.exchange(make_request("/large"));
    EXPECT_EQ(plain.body.size(), 100'000U);
    EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
    EXPECT_FALSE(plain.has("content-encoding"));
    const raw_response compressed =
        client.exchange(make_request("/large", "Accept-Encoding: br, gzip;q=0.5\r\n"));
    EXPECT_EQ(compressed.header("content-encoding"), "gzip");
    EXPECT_EQ(compressed.header("vary"), "Accept-Encoding");
    EXPECT_LT(compressed.body.size(), 1000U);
    EXPECT_EQ(gunzip(compressed.body), plain.body);
    const auto is_compressed = [this](const std::string& path, const std::string& accepted) {
        return client.exchange(make_request(path, "Accept-Encoding: " + accepted + "\r\n"))
            .has("content-encoding");
    };
    EXPECT_FALSE(is_compressed("/large", "gzip;q=0"));
    EXPECT_FALSE(is_compressed("/large", "identity, gzip;q=0.5"));
    EXPECT_EQ(client.exchange(make_request("/large", "Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n"))
                  .header("content-encoding"),
              "gzip");
    EXPECT_FALSE(is_compressed("/small", "gzip"));
    EXPECT_FALSE(is_compressed("/picture", "gzip"));
}

TEST_F(server_body, sends_the_compressed_length_in_response_to_head) {
    const raw_response compressed = client.exchange(make_request("/large", "Accept-Encoding: gzip\r\n"));
    client.send(make_request("/large", "Accept-Encoding: gzip\r\n", "HEAD"));
    const raw_response head = client.read_response(true);
    EXPECT_EQ(head.header("content-length"), compressed.header("content-length"));
    EXPECT_EQ(head.header("content-encoding"), "gzip");
}

TEST_F(server_body, serves_a_static_page_with_an_entity_tag) {
    for (int i = 0; i < 2; ++i) {
        const raw_response plain = client.exchange(make_request("/page"));
        EXPECT_EQ(plain.body, page);
        EXPECT_EQ(plain.header("cache-control"), "no-cache");
        ASSERT_TRUE(plain.has("etag"));
        const raw_response compressed = client.exchange(make_request("/page", "Accept-Encoding: gzip\r\n"));
        EXPECT_EQ(compressed.header("content-encoding"), "gzip");
        EXPECT_EQ(gunzip(compressed.body), page);
        const raw_response same =
            client.exchange(make_request("/page", "If-None-Match: \"x\", " + plain.header("etag") + "\r\n"));
        EXPECT_EQ(same.status, 304);
        EXPECT_EQ(same.header("etag"), plain.header("etag"));
        EXPECT_EQ(client.exchange(make_request("/page", "If-None-Match: W/\"0\"\r\n")).status, 200);
        // Compared weakly (RFC 9110 section 13.1.2), in a list over two lines (section 5.3).
        const std::string strong = plain.header("etag").substr(2);
        const std::string two_lines = "If-None-Match: \"x\"\r\nIf-None-Match: " + strong + "\r\n";
        EXPECT_EQ(client.exchange(make_request("/page", two_lines)).status, 304);
    }
    const raw_response small = client.exchange(make_request("/small-page"));
    EXPECT_EQ(small.body, small_page);
    EXPECT_EQ(small.header("cache-control"), "public, max-age=60");
    EXPECT_EQ(small.header("content-security-policy"), "default-src 'self'");
    EXPECT_NE(small.header("etag"), client.exchange(make_request("/page")).header("etag"));
}

TEST_F(server_body, streams_in_chunks) {
    for (int i = 0; i < 2; ++i) {
        const raw_response response = client.exchange(make_request("/stream"));
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.header("transfer-encoding"), "chunked");
        EXPECT_FALSE(response.has("content-length"));
        EXPECT_FALSE(response.cut_off);
        EXPECT_EQ(response.body, std::string(50'000, 'x'));
    }
    const raw_response compressed = client.exchange(make_request("/stream", "Accept-Encoding: gzip\r\n"));
    EXPECT_EQ(compressed.header("content-encoding"), "gzip");
    EXPECT_EQ(gunzip(compressed.body), std::string(50'000, 'x'));
    client.send(make_request("/stream", "", "HEAD"));
    EXPECT_EQ(client.read_response(true).status, 200);
    EXPECT_EQ(client.exchange(make_request("/small")).body, "a");
}

TEST_F(server_body, ends_a_stream_to_an_http_1_0_client_with_the_connection) {
    const raw_response response = client.exchange("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(response.header("connection"), "close");
    EXPECT_FALSE(response.has("transfer-encoding"));
    EXPECT_EQ(response.body, std::string(50'000, 'x'));
}

TEST_F(server_body, aborts_the_connection_if_a_stream_fails) {
    const raw_response response = client.exchange(make_request("/breaks"));
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.cut_off);
}

TEST_F(server_body, responds_500_if_a_stream_fails_at_its_first_piece) {
    const raw_response response = client.exchange(make_request("/fails"));
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("fire"), std::string::npos);
    EXPECT_EQ(client.exchange(make_request("/small")).body, "a");
}

TEST(server_stream, destroys_the_source_when_the_client_disconnects) {
    const auto destroyed = std::make_shared<std::promise<void>>();
    std::vector<http::route> table;
    table.push_back(stream_route("/endless", 1'000'000'000, false, destroyed));
    test_server server{std::move(table)};
    raw_client client{server.port()};
    client.send(make_request("/endless"));
    client.hang_up();
    EXPECT_EQ(destroyed->get_future().wait_for(std::chrono::seconds{30}), std::future_status::ready);
}

TEST(server_cors, sends_the_cors_fields_to_allowed_origins) {
    http::server_options options;
    options.cors_origins = {"https://a.example", "https://b.example"};
    test_server server{routes(), options};
    raw_client client{server.port()};
    const raw_response allowed = client.exchange(make_request("/small", "Origin: https://b.example\r\n"));
    EXPECT_EQ(allowed.header("access-control-allow-origin"), "https://b.example");
    EXPECT_EQ(allowed.header("access-control-expose-headers"),
              "X-Request-Id, X-Next-Cursor, Link, Retry-After, WWW-Authenticate, Content-Disposition");
    EXPECT_EQ(allowed.header("vary"), "Origin");
    const raw_response other = client.exchange(make_request("/small", "Origin: https://b.example.evil\r\n"));
    EXPECT_FALSE(other.has("access-control-allow-origin"));
    EXPECT_EQ(other.header("vary"), "Origin");
    const std::string preflight = "Access-Control-Request-Method: GET\r\n";
    const raw_response granted =
        client.exchange(make_request("/small", "Origin: https://a.example\r\n" + preflight, "OPTIONS"));
    EXPECT_EQ(granted.status, 204);
    EXPECT_EQ(granted.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(granted.header("access-control-allow-headers"), "Authorization, Content-Type, X-Request-Id");
    EXPECT_EQ(granted.header("access-control-max-age"), "600");
    const raw_response denied =
        client.exchange(make_request("/small", "Origin: https://c.example\r\n" + preflight, "OPTIONS"));
    EXPECT_EQ(denied.status, 204);
    EXPECT_FALSE(denied.has("access-control-allow-methods"));
}

TEST(server_cors, may_allow_all_origins) {
    http::server_options options;
    options.cors_origins = {"*"};
    test_server server{routes(), options};
    raw_client client{server.port()};
    const raw_response response = client.exchange(make_request("/small", "Origin: https://c.example\r\n"));
    EXPECT_EQ(response.header("access-control-allow-origin"), "*");
    EXPECT_FALSE(response.has("vary"));
    EXPECT_FALSE(client.exchange(make_request("/small")).has("access-control-allow-origin"));
}

/// The beginning of a request with a body of 1,000,000 bytes, including `bytes` bytes of it.
std::string partial_upload(std::size_t bytes) {
    return "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + std::string(bytes, 'x');
}

TEST(server_memory, refuses_large_bodies_before_small_ones) {
    std::vector<http::route> table;
    table.push_back(
        {http::method::post,
         "/take",
         test::open_to_all,
         http::inline_handler{[](request& request) { return text(std::to_string(request.body.size())); }},
         {}});
    test_server server{std::move(table), {.max_bodies_bytes = 4U << 20}};
    const auto upload = [](std::size_t bytes) {
        return "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
               std::string(bytes, 'x');
    };
    const auto post = [&](std::size_t bytes) { return raw_client{server.port()}.exchange(upload(bytes)); };
    EXPECT_EQ(post(100'000).body, "100000");
    EXPECT_EQ(post(600'000).status, 503) << "more than a sixteenth of what is free";

    std::vector<std::unique_ptr<raw_client>> flood;
    raw_response refused;
    for (int i = 0; i < 200 && refused.status != 503; ++i) {
        flood.emplace_back(std::make_unique<raw_client>(server.port()))->send(partial_upload(100'000));
        refused = post(100'000);
    }
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    EXPECT_EQ(post(2000).body, "2000") << "a normal upload from the same address";
    for (auto& client : flood)
        client->hang_up();
    // The server detects the close a moment later.
    for (int i = 0; i < 1000; ++i) {
        if (post(100'000).status == 200)
            return;
    }
    FAIL() << "the memory is not released";
}

} // namespace
} // namespace breakwater::test
