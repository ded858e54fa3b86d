#include "app/database_url.hpp"

#include <gtest/gtest.h>

namespace breakwater::app {
namespace {

TEST(database_url, is_the_path_of_a_file_after_sqlite) {
    for (const char* path : {"./data/a.db", "/var/lib/a.db"}) {
        const auto url = parse_database_url(std::string{"sqlite:///"} + path);
        ASSERT_TRUE(url) << path;
        EXPECT_FALSE(url->is_postgres());
        EXPECT_EQ(url->file(), path);
        EXPECT_EQ(url->shown(), std::string{"sqlite:///"} + path);
    }
}

TEST(database_url, keeps_a_postgresql_url_for_libpq) {
    for (const char* text : {"postgresql://ann:secret@db/fleet", "postgres://ann:secret@db/fleet"}) {
        const auto url = parse_database_url(text);
        ASSERT_TRUE(url) << text;
        EXPECT_TRUE(url->is_postgres());
        EXPECT_EQ(url->connection_string(), text);
        EXPECT_EQ(url->shown(), "postgresql://ann:***@db/fleet");
    }
}

TEST(database_url, can_parse_what_it_shows) {
    for (const char* text :
         {"sqlite:///a.db",
          "postgresql://ann:secret@[::1]:5433,db2/fleet?sslmode=verify-full&sslpassword=x"}) {
        const std::string shown = parse_database_url(text)->shown();
        EXPECT_EQ(parse_database_url(shown)->shown(), shown);
    }
}

TEST(database_url, refuses_others_without_quoting_them) {
    for (const char* text : {"", "sqlite:///", "sqlite://cret.db", "cret.db", "host=db password=secret",
                             "mysql://ann:secret@db/fleet", "postgresql://ann:se/cret@db/fleet",
                             "postgresql://db/fleet?no_such_parameter=secret"}) {
        const auto url = parse_database_url(text);
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error().code, errc::invalid_input);
        EXPECT_TRUE(url.error().detail.starts_with("must ")) << url.error().detail;
        EXPECT_FALSE(url.error().detail.contains("cret")) << url.error().detail;
    }
}

} // namespace
} // namespace breakwater::app
