#include "unit/http/test_server.hpp"

namespace breakwater::test {
namespace {

using http::method;
using http::request;
using http::response;

std::vector<http::route> routes() {
    std::vector<http::route> table;
    table.push_back(get("/hello", [](request&) { return text("hello"); }));
    table.push_back(get("/devices/{id}", [](request& request) {
        return text(request.path_parameters.at(0) + '|' + request.query + '|' + std::string{request.route});
    }));
    table.push_back(get(
        "/who", [](request& request) { return text(request.client_address + ' ' + request.request_id); }));
    table.push_back(get("/throws", [](request&) -> response { throw std::runtime_error{"inside"}; }));
    table.push_back(get("/header", [](request&) {
        response response = text("x");
        response.headers = {{"X-Good", "1"}, {"X-Bad", "a\r\nX-Forged: 1"}, {"X-Bad\r\n", "1"}};
        return response;
    }));
    table.push_back({method::post,
                     "/raw",
                     test::open_to_all,
                     http::inline_handler{[](request& request) { return text('<' + request.body + '>'); }},
                     {}});
    table.push_back(
        {method::post,
         "/echo",
         test::open_to_all,
         http::blocking_handler{http::work::query, [](request& request) { return text(request.body); }},
         {.request_schema = "Echo"}});
    table.push_back({method::get,
                     "/late",
                     test::open_to_all,
                     http::async_handler{[](request&, http::respond reply) {
                         std::thread{[reply = std::move(reply)]() mutable { reply(text("late")); }}.detach();
                     }},
                     {}});
    table.push_back({method::post,
                     "/capacity",
                     test::open_to_all,
                     http::async_handler{[](request& request, http::respond reply) {
                         std::thread{[&request, reply = std::move(reply)]() mutable {
                             reply(text(std::to_string(request.body.capacity())));
                         }}.detach();
                     }},
                     {}});
    table.push_back({method::get,
                     "/soon",
                     test::open_to_all,
                     http::async_handler{[](request&, http::respond reply) { reply(text("soon")); }},
                     {}});
    table.push_back({method::get,
                     "/forgotten",
                     test::open_to_all,
                     http::async_handler{[](request&, http::respond) {}},
                     {}});
    table.push_back({method::get,
                     "/throws-late",
                     test::open_to_all,
                     http::blocking_handler{http::work::hashing,
                                            [](request&) -> response { throw std::runtime_error{"inside"}; }},
                     {}});
    table.push_back({method::get,
                     "/throws-soon",
                     test::open_to_all,
                     http::async_handler{[](request&, http::respond) { throw 7; }},
                     {}});
    table.push_back(
        {method::post,
         "/admitted",
         test::open_to_all,
         http::blocking_handler{http::work::hashing,
                                [](request& request) { return text("admitted: " + request.body); },
                                [](request& request) -> http::refusal {
                                    if (request.body == "throw")
                                        throw std::runtime_error{"inside"};
                                    if (request.body == "good")
                                        return {};
                                    return [&request](http::respond reply) {
                                        std::thread{[&request, reply = std::move(reply)]() mutable {
                                            reply(http::problem(429, "refused: " + request.body));
                                        }}.detach();
                                    };
                                }},
         {}});
    table.push_back({method::post,
                     "/secret",
                     test::for_people,
                     http::inline_handler{[](request& request) {
                         return text(std::to_string(request.admission.account()) +
                                     request.admission.as<test_access::user_name>().initial + request.body);
                     }},
                     {.request_schema = "Secret"}});
    return table;
}

std::string get_request(const std::string& path, const std::string& fields = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string post_request(const std::string& path, const std::string& body, const std::string& fields = "") {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + fields + "\r\n" + body;
}

class server_test : public testing::Test {
protected:
    test_server server{routes()};
    raw_client client{server.port()};
};

TEST_F(server_test, reuses_the_memory_of_a_request_whose_response_came_late) {
    EXPECT_GE(std::stoul(client.exchange(post_request("/capacity", std::string(3000, 'x'))).body), 3000U);
    EXPECT_GE(std::stoul(client.exchange(post_request("/capacity", "x")).body), 3000U);
}

TEST_F(server_test, calls_admit_before_a_request_is_queued) {
    EXPECT_EQ(client.exchange(post_request("/admitted", "good")).body, "admitted: good");
    const raw_response refused = client.exchange(post_request("/admitted", "bad"));
    EXPECT_EQ(refused.status, 429);
    EXPECT_NE(refused.body.find("refused: bad"), std::string::npos);
    EXPECT_EQ(client.exchange(post_request("/admitted", "throw")).status, 500);
    EXPECT_EQ(client.exchange(post_request("/admitted", "good")).status, 200) << "the connection stays open";
}

TEST_F(server_test, answers_one_request_after_the_other) {
    for (int i = 0; i < 3; ++i) {
        const raw_response response = client.exchange(get_request("/hello"));
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(response.body, "hello");
        EXPECT_FALSE(response.has("connection"));
    }
    EXPECT_EQ(client.exchange(get_request("/devices/a%20b")).body, "a b||GET /devices/{id}");
}

TEST_F(server_test, adds_the_common_fields_to_every_response) {
    for (const char* path : {"/hello", "/nothing", "/throws"}) {
        const raw_response response = client.exchange(get_request(path));
        EXPECT_EQ(response.header("x-content-type-options"), "nosniff") << path;
        EXPECT_EQ(response.header("x-frame-options"), "DENY");
        EXPECT_EQ(response.header("referrer-policy"), "no-referrer");
        EXPECT_EQ(response.header("cache-control"), "no-store");
        EXPECT_EQ(response.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
        EXPECT_EQ(response.header("cross-origin-opener-policy"), "same-origin");
        EXPECT_EQ(response.header("cross-origin-resource-policy"), "same-origin");
        EXPECT_EQ(response.header("x-permitted-cross-domain-policies"), "none");
        EXPECT_EQ(response.header("x-request-id").size(), 32U);
        EXPECT_EQ(response.header("date").size(), 29U);
        EXPECT_FALSE(response.has("server"));
        EXPECT_FALSE(response.has("strict-transport-security"));
    }
}

TEST_F(server_test, accepts_a_valid_request_id_of_the_client) {
    EXPECT_EQ(client.exchange(get_request("/who", "X-Request-Id: a.B_9-\r\n")).header("x-request-id"),
              "a.B_9-");
    EXPECT_EQ(client.exchange(get_request("/who", "X-Request-Id: a.B_9-\r\n")).body, "127.0.0.1 a.B_9-");
    for (const std::string& invalid :
         {std::string{"a b"}, std::string(65, 'a'), std::string{"a\"b"}, std::string{}})
        EXPECT_EQ(client.exchange(get_request("/who", "X-Request-Id: " + invalid + "\r\n"))
                      .header("x-request-id")
                      .size(),
                  32U);
    EXPECT_NE(client.exchange(get_request("/who")).body, client.exchange(get_request("/who")).body);
}

TEST_F(server_test, ignores_the_request_ids_if_there_are_two) {
    EXPECT_EQ(client.exchange(get_request("/who", "X-Request-Id: a\r\nX-Request-Id: b\r\n"))
                  .header("x-request-id")
                  .size(),
              32U);
}

// RFC 9110 section 5.3: a proxy may have used one of two fields and the server the other
TEST_F(server_test, refuses_repeated_singleton_fields) {
    for (const char* second : {"Authorization: Bearer bad\r\n", "Content-Type: text/plain\r\n",
                               "Content-Encoding: gzip\r\n", "Origin: https://b.example\r\n"}) {
        const std::string first =
            "Authorization: Bearer good\r\nContent-Type: application/json\r\nContent-Encoding: identity\r\n"
            "Origin: https://a.example\r\n";
        raw_client connection{server.port()};
        EXPECT_EQ(connection.exchange(post_request("/secret", "{}", first)).status, 200);
        EXPECT_EQ(connection.exchange(post_request("/secret", "{}", first + second)).status, 400) << second;
        EXPECT_TRUE(connection.at_end());
    }
}

TEST_F(server_test, omits_response_fields_with_line_breaks) {
    const raw_response response = client.exchange(get_request("/header"));
    EXPECT_EQ(response.header("x-good"), "1");
    EXPECT_FALSE(response.has("x-forged"));
    EXPECT_FALSE(response.has("x-bad"));
}

TEST_F(server_test, answers_pipelined_requests_in_order) {
    std::string bytes;
    for (int i = 0; i < 50; ++i) {
        bytes += get_request("/devices/" + std::to_string(i));
        bytes += post_request("/echo", std::to_string(i), "Content-Type: application/json\r\n");
        bytes += get_request(i % 2 == 0 ? "/late" : "/soon");
    }
    client.send(bytes);
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(client.read_response().body, std::to_string(i) + "||GET /devices/{id}");
        EXPECT_EQ(client.read_response().body, std::to_string(i));
        EXPECT_EQ(client.read_response().body, i % 2 == 0 ? "late" : "soon");
    }
}

TEST_F(server_test, accepts_a_request_that_arrives_byte_by_byte) {
    for (const char c : "\r\n" + post_request("/raw", "body"))
        client.send({&c, 1});
    EXPECT_EQ(client.read_response().body, "<body>");
}

TEST_F(server_test, sends_no_body_in_response_to_head) {
    client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    const raw_response response = client.read_response(true);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.header("content-length"), "5");
    EXPECT_EQ(client.exchange(get_request("/hello")).body, "hello");
}

TEST_F(server_test, responds_405_with_the_allowed_methods) {
    const raw_response wrong = client.exchange(post_request("/hello", "x"));
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.header("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(wrong.header("content-type"), "application/problem+json");
    EXPECT_NE(wrong.body.find(R"("request_id":")" + wrong.header("x-request-id")), std::string::npos);
    EXPECT_EQ(client.exchange(get_request("/nothing")).status, 404);
    EXPECT_EQ(client.exchange("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 501);
    const raw_response trace = client.exchange("TRACE /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(trace.status, 405);
    EXPECT_EQ(trace.header("allow"), "GET, HEAD, OPTIONS");
    const raw_response options = client.exchange("OPTIONS /raw HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.header("allow"), "POST, OPTIONS");
    EXPECT_FALSE(options.has("content-length"));
    EXPECT_EQ(client.exchange("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").status, 204);
    EXPECT_EQ(client.exchange(get_request("/hello")).status, 200);
}

TEST_F(server_test, accepts_content_length_and_chunked_bodies) {
    EXPECT_EQ(client.exchange(post_request("/raw", "abc")).body, "<abc>");
    EXPECT_EQ(client.exchange("POST /raw HTTP/1.1\r\nHost: a\r\n\r\n").body, "<>");
    EXPECT_EQ(client
                  .exchange("POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "2\r\nab\r\n1;x=y\r\nc\r\n0\r\nT: v\r\n\r\n")
                  .body,
              "<abc>");
    const std::string large(300'000, 'x');
    EXPECT_EQ(client.exchange(post_request("/raw", large)).body, '<' + large + '>');
    EXPECT_EQ(client.exchange(get_request("/hello")).body, "hello");
}

TEST_F(server_test, sends_100_continue_to_a_client_that_expects_it) {
    client.send("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_response().status, 100);
    EXPECT_EQ(client.exchange("abc").body, "<abc>");
    // A refused request gets the error response instead, and the connection ends.
    client.send("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    const raw_response refused = client.read_response();
    EXPECT_EQ(refused.status, 404);
    EXPECT_EQ(refused.header("connection"), "close");
    EXPECT_TRUE(client.at_end());
}

TEST_F(server_test, requires_json_if_the_route_has_a_request_schema) {
    const auto post = [this](const std::string& fields) {
        return client.exchange(post_request("/echo", "{}", fields)).status;
    };
    EXPECT_EQ(post(""), 200);
    EXPECT_EQ(post("Content-Type: application/json\r\n"), 200);
    EXPECT_EQ(post("Content-Type: Application/JSON ; charset=UTF-8\r\n"), 200);
    EXPECT_EQ(post("Content-Type: application/json; charset=latin1\r\n"), 415);
    EXPECT_EQ(post("Content-Type: application/json; profile=\"a;b\"; charset=\"utf-8\"\r\n"), 200);
    EXPECT_EQ(post("Content-Type: application/json; charset=utf-8; charset=latin1\r\n"), 415);
    EXPECT_EQ(post("Content-Type: application/json\r\nContent-Encoding: IDENTITY\r\n"), 200);
    EXPECT_EQ(post("Content-Type: text/plain\r\n"), 415);
    EXPECT_EQ(post("Content-Type: application/x-www-form-urlencoded\r\n"), 415);
    EXPECT_EQ(post("Content-Type: application/json\r\nContent-Encoding: gzip\r\n"), 415);
    EXPECT_EQ(client.exchange("POST /echo HTTP/1.1\r\nHost: a\r\n\r\n").status, 411);
    EXPECT_EQ(post(""), 200);
}

TEST_F(server_test, refuses_a_request_without_the_required_credential) {
    const std::string body = "{}";
    const raw_response refused = client.exchange(post_request("/secret", body));
    EXPECT_EQ(refused.status, 401);
    EXPECT_FALSE(refused.has("connection")) << "its body was discarded, so the connection stays open";
    EXPECT_EQ(server.access.refusals(), (std::vector<std::string>{"POST /secret"}));
    EXPECT_EQ(client.exchange(post_request("/secret", body, "Authorization: Bearer good\r\n")).body, "7a{}");
    EXPECT_EQ(client.exchange("POST /secret HTTP/1.1\r\nHost: a\r\n\r\n").status, 401)
        << "before 411, so that a stranger learns nothing";
}

TEST_F(server_test, responds_500_without_the_cause) {
    for (const char* path : {"/throws", "/throws-late", "/throws-soon", "/forgotten"}) {
        const raw_response response = client.exchange(get_request(path));
        EXPECT_EQ(response.status, 500) << path;
        EXPECT_EQ(response.body.find("inside"), std::string::npos);
        EXPECT_NE(response.body.find(response.header("x-request-id")), std::string::npos);
    }
}

TEST_F(server_test, closes_the_connection_after_a_validation_error) {
    for (const std::string& bytes :
         {std::string{"GET /hello HTTP/1.1\r\n\r\n"},
          get_request("/hello", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
          "POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" +
              get_request("/hello")}) {
        raw_client connection{server.port()};
        const raw_response response = connection.exchange(get_request("/hello") + bytes);
        EXPECT_EQ(response.status, 200);
        const raw_response refused = connection.read_response();
        EXPECT_EQ(refused.status, 400) << bytes;
        EXPECT_EQ(refused.header("connection"), "close");
        EXPECT_EQ(refused.header("content-type"), "application/problem+json");
        EXPECT_TRUE(connection.at_end());
    }
    const auto early = server.access.early_refusals();
    ASSERT_EQ(early.size(), 3U);
    EXPECT_EQ(early[0], "127.0.0.1 The Host field is missing.");
    for (const char* name : {"invalid_requests", "turned_away"}) // the old name, for one release
        EXPECT_NE(server.metrics().find(std::string{"breakwater_http_"} + name + "_total 3\n"),
                  std::string::npos);
}

TEST_F(server_test, admits_again_after_a_body_that_arrived_later) {
    client.send("POST /secret HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\n"
                "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{");
    while (server.access.admission_checks() == 0)
        std::this_thread::yield();
    server.access.revoked = true;
    client.send("}");
    EXPECT_EQ(client.read_response().status, 401);
    EXPECT_EQ(server.access.refusals(), (std::vector<std::string>{"POST /secret"}));
    server.access.revoked = false;
    EXPECT_EQ(client.exchange(post_request("/secret", "{}", "Authorization: Bearer good\r\n")).body, "7a{}");
}

TEST_F(server_test, sends_413_while_the_client_still_sends_its_body) {
    const std::string body(4U << 20, 'x');
    client.send("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n" + body.substr(0, 500'000));
    EXPECT_EQ(client.read_response().status, 413);
    raw_client chunked{server.port()};
    chunked.send("POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 17; ++i)
        chunked.send("10000\r\n" + body.substr(0, 0x10000) + "\r\n");
    EXPECT_EQ(chunked.read_response().status, 413);
}

// RFC 9112 section 9.6: a client that sends its whole body before it reads must receive the response
TEST_F(server_test, lets_a_client_send_its_whole_body_before_it_reads_the_refusal) {
    const std::string body(5'000'000, 'x');
    client.send(post_request("/raw", body));
    EXPECT_EQ(client.read_response().status, 413);
    EXPECT_TRUE(client.at_end());
    raw_client header{server.port()};
    header.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + body);
    EXPECT_EQ(header.read_response().status, 431);
    raw_client malformed{server.port()};
    malformed.send("POST /raw HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + body);
    EXPECT_EQ(malformed.read_response().status, 400);
}

TEST(server_linger, discards_a_limited_number_of_bytes) {
    test_server server{routes()};
    raw_client endless{server.port()};
    endless.send("POST /raw HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n");
    const std::string piece(1U << 20, 'x');
    const auto sends = [&] {
        return ::send(endless.descriptor(), piece.data(), piece.size(), MSG_NOSIGNAL) > 0;
    };
    int sent = 0;
    while (sends())
        ASSERT_LT(++sent, 1000) << "the server must stop reading";
    raw_client other{server.port()};
    EXPECT_EQ(other.exchange(get_request("/hello")).body, "hello");
}

TEST(server_proxies, refuses_contradictory_fields_but_keeps_the_connection) {
    test_server server{routes(), {.trusted_proxies = {"127.0.0.1"}}};
    raw_client proxy{server.port()};
    EXPECT_EQ(proxy.exchange(get_request("/who", "X-Forwarded-For: 1.2.3.4\r\nX-Request-Id: a\r\n")).body,
              "1.2.3.4 a");
    EXPECT_EQ(proxy.exchange(get_request("/who", "Forwarded: for=1.2.3.4\r\nX-Request-Id: a\r\n")).body,
              "1.2.3.4 a");
    const std::string contradiction = "X-Forwarded-For: 1.2.3.4\r\nForwarded: for=6.6.6.6\r\n";
    EXPECT_EQ(proxy.exchange(get_request("/who", contradiction)).status, 400);
    EXPECT_EQ(proxy.exchange(post_request("/raw", "x", "Forwarded: for=\"\r\n")).status, 400);
    EXPECT_EQ(proxy.exchange(get_request("/hello")).body, "hello")
        << "a request of another client over the same connection";
    EXPECT_EQ(server.access.early_refusals().size(), 2U);
}

TEST_F(server_test, keeps_an_http_1_0_connection_only_on_request) {
    const raw_response kept = client.exchange("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.body, "hello");
    EXPECT_EQ(kept.header("connection"), "keep-alive");
    const raw_response last = client.exchange("GET /hello HTTP/1.0\r\n\r\n");
    EXPECT_EQ(last.header("connection"), "close");
    EXPECT_TRUE(client.at_end());
}

TEST_F(server_test, closes_the_connection_on_request) {
    const raw_response response =
        client.exchange(get_request("/hello", "Connection: close\r\n") + get_request("/hello"));
    EXPECT_EQ(response.header("connection"), "close");
    EXPECT_TRUE(client.at_end()) << "requests after Connection: close are ignored";
}

TEST_F(server_test, responds_to_a_client_that_has_finished_sending) {
    client.send(get_request("/late"));
    client.finish_sending();
    EXPECT_EQ(client.read_response().body, "late");
    EXPECT_TRUE(client.at_end());
}

TEST_F(server_test, counts_responses_by_route_and_status) {
    (void)client.exchange(get_request("/hello"));
    (void)client.exchange(get_request("/hello"));
    (void)client.exchange(get_request("/nothing"));
    const std::string text = server.metrics();
    EXPECT_NE(text.find("breakwater_http_requests_total{route=\"GET /hello\",status=\"200\"} 2\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("breakwater_http_requests_total{route=\"unrouted\",status=\"404\"} 1\n"),
              std::string::npos);
    EXPECT_NE(text.find("breakwater_http_request_duration_seconds_count{route=\"GET /hello\"} 2\n"),
              std::string::npos);
    EXPECT_NE(text.find("breakwater_http_connections 1\n"), std::string::npos);
}

TEST(server_listen, reports_why_it_fails) {
    test_server first{routes()};
    http::server_options options;
    const auto failure = [&options] {
        try {
            const test_server failing{routes(), options};
        } catch (const std::runtime_error& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    options.host = "192.0.2.1"; // reserved for documentation: no machine has it
    EXPECT_NE(failure().find("Cannot listen on 192.0.2.1"), std::string::npos) << failure();
    options = {};
    options.trusted_proxies = {"10.0.0.0/33"};
    EXPECT_NE(failure().find("10.0.0.0/33"), std::string::npos);
    options = {};
    options.tls_certificate_file = "/nowhere/certificate.pem";
    EXPECT_NE(failure().find("/nowhere/certificate.pem"), std::string::npos);
}

TEST(server_head, refuses_head_with_all_fields_and_no_body) {
    const std::string long_field = "X: " + std::string(20'000, 'x') + "\r\n";
    for (const auto& [request, status] : std::vector<std::pair<std::string, int>>{
             {"HEAD /hello HTTP/1.1\r\n\r\n", 400},                       // no Host
             {"HEAD /hello HTTP/1.1\r\nHost: a\r\n" + long_field, 431},   // before the end of the header
             {"HEAD /" + std::string(9'000, 'x') + " HTTP/1.1\r\n", 414}, // within the request line
             {"\r\nHEAD /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
             {"HEAD /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
             {"HEAD /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413},
             {"HEAD /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404},
             {"HEAD /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405}}) {
        test_server server{routes()};
        raw_client client{server.port()};
        client.send(request);
        client.finish_sending();
        const raw_response response = client.read_response(true);
        EXPECT_EQ(response.status, status) << request.substr(0, 60);
        EXPECT_NE(response.header("content-length"), "0") << status;
        EXPECT_FALSE(response.header("content-length").empty()) << status;
        EXPECT_EQ(response.header("content-type"), "application/problem+json") << status;
        EXPECT_TRUE(client.at_end()) << "no body: " << request.substr(0, 60);
    }
}

TEST(server_head, sends_408_without_a_body) {
    test_server server{routes(), {.header_timeout = std::chrono::seconds{1}}};
    raw_client client{server.port()};
    client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n");
    EXPECT_EQ(client.read_response(true).status, 408);
    EXPECT_TRUE(client.at_end());
}

TEST(server_cors, exposes_the_response_fields_to_pages) {
    test_server server{routes(), {.cors_origins = {"*"}}};
    raw_client client{server.port()};
    const std::string exposed = client.exchange(get_request("/hello", "Origin: https://a.example\r\n"))
                                    .header("access-control-expose-headers");
    for (const char* field :
         {"X-Request-Id", "X-Next-Cursor", "Link", "Retry-After", "WWW-Authenticate", "Content-Disposition"})
        EXPECT_NE(exposed.find(field), std::string::npos) << field;
}

} // namespace
} // namespace breakwater::test
