#include "http/router.hpp"

#include "http/percent.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

namespace breakwater::http {

namespace {

constexpr std::size_t most_segments = 16;
constexpr std::size_t method_count = 7;
constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// A path taken apart and decoded; the texts live in the path or in `decoded`.
struct segments {
    std::array<std::string_view, most_segments> at;
    std::size_t count = 0;
    std::string decoded;

    bool split(std::string_view path) {
        if (!path.starts_with('/'))
            return false;
        path.remove_prefix(1);
        if (path.find('%') != std::string_view::npos)
            decoded.reserve(path.size()); // so that it never moves
        for (;;) {
            if (count == most_segments)
                return false;
            const std::size_t slash = path.find('/');
            if (!take(path.substr(0, slash)))
                return false;
            if (slash == std::string_view::npos)
                return true;
            path.remove_prefix(slash + 1);
        }
    }

private:
    bool take(std::string_view segment) {
        if (segment.find('%') != std::string_view::npos) {
            const std::size_t begin = decoded.size();
            if (!percent_decode(segment, decoded))
                return false;
            segment = std::string_view{decoded}.substr(begin);
            if (!is_utf8(segment) ||
                segment.find_first_of(std::string_view{"/\0", 2}) != std::string_view::npos)
                return false;
        }
        at[count++] = segment;
        return true;
    }
};

struct node {
    std::vector<std::pair<std::string_view, std::size_t>> literals; ///< to the nodes below, sorted
    std::size_t parameter = none;                                   ///< the node below a `{…}`
    std::array<std::size_t, method_count> rows{none, none, none, none, none, none, none};
    bool is_leaf = false;
    std::string allow;
};

} // namespace

struct router::impl {
    std::vector<route> table;
    std::vector<std::string> names;
    std::vector<node> nodes{1};

    void add(std::size_t index) {
        const route& row = table[index];
        segments path;
        if (!path.split(row.path))
            throw std::logic_error{"A route's path does not parse: " + std::string{row.path}};
        std::size_t at = 0;
        for (std::size_t i = 0; i < path.count; ++i)
            at = descend(at, path.at[i]);
        std::size_t& slot = nodes[at].rows[static_cast<std::size_t>(row.method)];
        if (slot != none)
            throw std::logic_error{"Two routes collide: " + names[slot] + " and " + names[index]};
        slot = index;
        nodes[at].is_leaf = true;
    }

    std::size_t descend(std::size_t from, std::string_view segment) {
        if (segment.starts_with('{')) {
            if (nodes[from].parameter == none) {
                nodes[from].parameter = nodes.size();
                nodes.emplace_back();
            }
            return nodes[from].parameter;
        }
        auto& literals = nodes[from].literals;
        const auto place =
            std::ranges::lower_bound(literals, segment, {}, [](const auto& entry) { return entry.first; });
        if (place != literals.end() && place->first == segment)
            return place->second;
        const std::size_t made = nodes.size();
        literals.emplace(place, segment, made);
        nodes.emplace_back();
        return made;
    }

    void fill_allow() {
        using enum method;
        for (node& at : nodes) {
            if (!at.is_leaf)
                continue;
            const bool gets = at.rows[static_cast<std::size_t>(get)] != none;
            for (const method verb : {get, head, post, put, patch, delete_, options}) {
                if (at.rows[static_cast<std::size_t>(verb)] == none && verb != options &&
                    !(verb == head && gets))
                    continue;
                if (!at.allow.empty())
                    at.allow += ", ";
                at.allow += to_string(verb);
            }
        }
    }

    /// The leaf for the segments from `depth` on; a literal is tried before a `{…}`. `taken` collects what
    /// the `{…}` stand for.
    std::size_t walk(std::size_t from, const segments& path, std::size_t depth,
                     std::vector<std::string_view>& taken) const {
        const node& at = nodes[from];
        if (depth == path.count)
            return at.is_leaf ? from : none;
        const std::string_view segment = path.at[depth];
        const auto place =
            std::ranges::lower_bound(at.literals, segment, {}, [](const auto& entry) { return entry.first; });
        if (place != at.literals.end() && place->first == segment)
            if (const std::size_t leaf = walk(place->second, path, depth + 1, taken); leaf != none)
                return leaf;
        if (at.parameter == none || segment.empty())
            return none;
        taken.push_back(segment);
        const std::size_t leaf = walk(at.parameter, path, depth + 1, taken);
        if (leaf == none)
            taken.pop_back();
        return leaf;
    }
};

router::router(std::vector<route> table) : impl_{std::make_unique<impl>()} {
    impl_->table = std::move(table);
    for (const route& row : impl_->table)
        impl_->names.push_back(std::string{to_string(row.method)} + ' ' + std::string{row.path});
    for (std::size_t i = 0; i < impl_->table.size(); ++i)
        impl_->add(i);
    impl_->fill_allow();
}

router::~router() = default;

router::match router::find(method verb, std::string_view path) const {
    match found;
    segments parts;
    if (!parts.split(path))
        return found;
    std::vector<std::string_view> taken;
    const std::size_t leaf = impl_->walk(0, parts, 0, taken);
    if (leaf == none)
        return found;
    const node& at = impl_->nodes[leaf];
    found.allow = at.allow;
    std::size_t row = at.rows[static_cast<std::size_t>(verb)];
    if (row == none && verb == method::head)
        row = at.rows[static_cast<std::size_t>(method::get)];
    if (row == none)
        return found;
    found.row = &impl_->table[row];
    found.name = impl_->names[row];
    found.index = row;
    found.parameters.assign(taken.begin(), taken.end());
    return found;
}

const std::vector<route>& router::table() const noexcept {
    return impl_->table;
}

std::string_view router::name(std::size_t index) const noexcept {
    return impl_->names[index];
}

} // namespace breakwater::http
