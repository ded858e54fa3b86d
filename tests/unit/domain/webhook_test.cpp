#include "domain/webhook.hpp"

#include <gtest/gtest.h>

#include <string>

namespace breakwater {
namespace {

TEST(webhook_url, yields_the_host_to_contact) {
    struct expectation {
        std::string url;
        bool tls;
        std::string host;
    };
    for (const auto& [url, tls, host] : {
             expectation{"https://example.com", true, "example.com"},
             expectation{"HTTPS://Hooks.Example.COM/a/b?c=d%20e&f=@", true, "hooks.example.com"},
             expectation{"http://127.0.0.1:8080/", false, "127.0.0.1"},
             expectation{"https://[2001:DB8::1]:8443/x", true, "2001:db8::1"},
             expectation{"https://my_host", true, "my_host"},
             expectation{"https://example.com?x", true, "example.com"},
             expectation{"https://example.com:65535/", true, "example.com"},
         }) {
        const auto target = parse_webhook_url(url);
        ASSERT_TRUE(target) << url << ": " << target.error().detail;
        EXPECT_EQ(target->tls, tls) << url;
        EXPECT_EQ(target->host, host) << url;
    }
}

TEST(webhook_url, is_refused_if_it_is_not_absolute_or_is_ambiguous) {
    for (const std::string& url : {
             std::string{},
             std::string{"example.com"},
             std::string{"//example.com/"},
             std::string{"/hook"},
             std::string{"ftp://example.com/"},
             std::string{"file:///etc/passwd"},
             std::string{"gopher://example.com/"},
             std::string{"https:/example.com"},
             std::string{"https://"},
             std::string{"https:///path"},
             std::string{"https://:443/"},
             std::string{"https://?x"},
             std::string{"https://user@example.com/"},
             std::string{"https://user:pw@example.com/"},
             std::string{"https://example.com#@127.0.0.1/"},
             std::string{"https://example.com/#part"},
             std::string{R"(https://example.com\@127.0.0.1/)"},
             std::string{"https://example.com/a b"},
             std::string{"https://example.com/\r\nHost: x"},
             std::string{"https://example.com\t/"},
             std::string{"https://ex%61mple.com/"},
             std::string{"https://bücher.example/"},
             std::string{"https://example.com:/"},
             std::string{"https://example.com:0/"},
             std::string{"https://example.com:65536/"},
             std::string{"https://example.com:80:80/"},
             std::string{"https://example.com:+80/"},
             std::string{"https://::1/"},
             std::string{"https://[::1/"},
             std::string{"https://[::1]x/"},
             std::string{"https://[fe80::1%25eth0]/"},
             std::string{"https://[127.0.0.1]/"},
             std::string{"https://[example.com]/"},
             std::string("https://example.com/\0x", 22),
             "https://example.com/" + std::string(max_webhook_url_length, 'x'),
         })
        EXPECT_FALSE(parse_webhook_url(url)) << url;
}

TEST(webhook_host, is_a_name_or_an_address_without_port_or_path) {
    EXPECT_EQ(parse_webhook_host("Hooks.LAN"), "hooks.lan");
    EXPECT_EQ(parse_webhook_host("127.0.0.1"), "127.0.0.1");
    EXPECT_EQ(parse_webhook_host("[::1]"), "::1");
    for (const char* text :
         {"", "a b", "host:80", "[::1]:80", "http://host", "host/", "user@host", "[host]", "::1", "*"})
        EXPECT_FALSE(parse_webhook_host(text)) << text;
}

TEST(webhook_target, without_tls_must_be_a_local_host) {
    const local_hosts allowed{"127.0.0.1", "::1"};
    EXPECT_TRUE(check_transport(parse_webhook_url("https://example.com/").value(), allowed));
    EXPECT_TRUE(check_transport(parse_webhook_url("http://127.0.0.1:1/").value(), allowed));
    EXPECT_TRUE(check_transport(parse_webhook_url("http://[::1]/").value(), allowed));
    for (const char* url :
         {"http://example.com/", "http://127.0.0.2/", "http://127.0.0.1.example.com/", "http://127.1/"})
        EXPECT_FALSE(check_transport(parse_webhook_url(url).value(), allowed)) << url;
}

TEST(webhook, needs_a_name_within_the_limits) {
    const webhook good{.name = "Ops", .url = "https://example.com/"};
    EXPECT_TRUE(check(good));
    webhook candidate = good;
    candidate.name = "";
    EXPECT_FALSE(check(candidate));
    for (std::size_t i = 0; i < max_webhook_name_length; ++i)
        candidate.name += "ż";
    EXPECT_TRUE(check(candidate)) << "characters count, not bytes";
    candidate.name += "x";
    EXPECT_FALSE(check(candidate));
    candidate = good;
    candidate.url = "example.com";
    EXPECT_FALSE(check(candidate));
}

} // namespace
} // namespace breakwater
