#include "http/router.hpp"

#include "http/percent.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

namespace breakwater::http {

namespace {

constexpr std::size_t max_segments = 16;
constexpr std::size_t method_count = 7;
constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

/// The decoded segments of a path. The views point into the path or into `decoded`.
struct segments {
    std::array<std::string_view, max_segments> items;
    std::size_t count = 0;
    std::string decoded;

    bool split(std::string_view path) {
        if (!path.starts_with('/'))
            return false;
        path.remove_prefix(1);
        if (path.find('%') != std::string_view::npos)
            decoded.reserve(path.size()); // it must not reallocate: `items` points into it
        for (;;) {
            if (count == max_segments)
                return false;
            const std::size_t slash = path.find('/');
            if (!append(path.substr(0, slash)))
                return false;
            if (slash == std::string_view::npos)
                return true;
            path.remove_prefix(slash + 1);
        }
    }

private:
    bool append(std::string_view segment) {
        if (segment.find('%') != std::string_view::npos) {
            const std::size_t begin = decoded.size();
            if (!percent_decode(segment, decoded))
                return false;
            segment = std::string_view{decoded}.substr(begin);
            if (!is_utf8(segment) ||
                segment.find_first_of(std::string_view{"/\0", 2}) != std::string_view::npos)
                return false;
        }
        items[count++] = segment;
        return true;
    }
};

struct node {
    std::vector<std::pair<std::string_view, std::size_t>> literals; ///< child nodes by segment, sorted
    std::size_t parameter = none;                                   ///< the child node of a `{…}`
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
            throw std::logic_error{"Invalid path of a route: " + std::string{row.path}};
        std::size_t leaf = 0;
        for (std::size_t i = 0; i < path.count; ++i)
            leaf = child_of(leaf, path.items[i]);
        std::size_t& slot = nodes[leaf].rows[static_cast<std::size_t>(row.method)];
        if (slot != none)
            throw std::logic_error{"Two routes have the same method and path: " + names[slot] + " and " +
                                   names[index]};
        slot = index;
        nodes[leaf].is_leaf = true;
    }

    /// Creates the child if there is none.
    std::size_t child_of(std::size_t parent, std::string_view segment) {
        if (segment.starts_with('{')) {
            if (nodes[parent].parameter == none) {
                nodes[parent].parameter = nodes.size();
                nodes.emplace_back();
            }
            return nodes[parent].parameter;
        }
        auto& literals = nodes[parent].literals;
        const auto position =
            std::ranges::lower_bound(literals, segment, {}, [](const auto& entry) { return entry.first; });
        if (position != literals.end() && position->first == segment)
            return position->second;
        const std::size_t child = nodes.size();
        literals.emplace(position, segment, child);
        nodes.emplace_back();
        return child;
    }

    void fill_allow() {
        using enum method;
        for (node& leaf : nodes) {
            if (!leaf.is_leaf)
                continue;
            const bool has_get = leaf.rows[static_cast<std::size_t>(get)] != none;
            for (const method verb : {get, head, post, put, patch, delete_, options}) {
                if (leaf.rows[static_cast<std::size_t>(verb)] == none && verb != options &&
                    !(verb == head && has_get))
                    continue;
                if (!leaf.allow.empty())
                    leaf.allow += ", ";
                leaf.allow += to_string(verb);
            }
        }
    }

    /// Finds the leaf for the segments from `depth` on. Tries a literal before a `{…}`. Appends the values of
    /// the `{…}` to `parameters`.
    std::size_t find_leaf(std::size_t start, const segments& path, std::size_t depth,
                          std::vector<std::string_view>& parameters) const {
        const node& current = nodes[start];
        if (depth == path.count)
            return current.is_leaf ? start : none;
        const std::string_view segment = path.items[depth];
        const auto& literals = current.literals;
        const auto position =
            std::ranges::lower_bound(literals, segment, {}, [](const auto& entry) { return entry.first; });
        if (position != literals.end() && position->first == segment) {
            const std::size_t leaf = find_leaf(position->second, path, depth + 1, parameters);
            if (leaf != none)
                return leaf;
        }
        if (current.parameter == none || segment.empty())
            return none;
        parameters.push_back(segment);
        const std::size_t leaf = find_leaf(current.parameter, path, depth + 1, parameters);
        if (leaf == none)
            parameters.pop_back();
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
    match result;
    segments segments_of_path;
    if (!segments_of_path.split(path))
        return result;
    std::vector<std::string_view> parameters;
    const std::size_t leaf = impl_->find_leaf(0, segments_of_path, 0, parameters);
    if (leaf == none)
        return result;
    const node& matched = impl_->nodes[leaf];
    result.allow = matched.allow;
    std::size_t row = matched.rows[static_cast<std::size_t>(verb)];
    if (row == none && verb == method::head)
        row = matched.rows[static_cast<std::size_t>(method::get)];
    if (row == none)
        return result;
    result.row = &impl_->table[row];
    result.name = impl_->names[row];
    result.index = row;
    result.parameters.assign(parameters.begin(), parameters.end());
    return result;
}

const std::vector<route>& router::table() const noexcept {
    return impl_->table;
}

std::string_view router::name(std::size_t index) const noexcept {
    return impl_->names[index];
}

} // namespace breakwater::http
