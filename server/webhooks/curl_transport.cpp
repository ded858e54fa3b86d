#include "webhooks/curl_transport.hpp"

#include "webhooks/curl_transfer.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace breakwater::webhooks {

namespace {

struct curl_multi_freed {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};

CURLM* new_multi() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM* const made = ready == CURLE_OK ? curl_multi_init() : nullptr;
    if (made == nullptr)
        throw std::runtime_error("libcurl can't be used.");
    return made;
}

} // namespace

class curl_transport::impl {
public:
    explicit impl(options chosen) : chosen_{std::move(chosen)}, multi_{new_multi()} {}
    ~impl() {
        for (const auto& [handle, transfer] : under_way_)
            curl_multi_remove_handle(multi_.get(), handle);
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    void start(attempt what) {
        const auto target = parse_webhook_url(what.url);
        if (!target)
            return refuse(what, target.error());
        if (const auto allowed = check_transport(*target, chosen_.local); !allowed)
            return refuse(what, allowed.error());
        auto transfer = std::make_unique<curl_transfer>(
            std::move(what), curl_terms{.any_address = is_local(*target, chosen_.local),
                                        .timeout = chosen_.timeout,
                                        .ca_file = chosen_.ca_file});
        CURL* const handle = transfer->handle();
        under_way_.emplace(handle, std::move(transfer));
        if (curl_multi_add_handle(multi_.get(), handle) != CURLM_OK)
            throw std::runtime_error("libcurl can't start a transfer.");
    }

    std::vector<attempt_outcome> wait(std::chrono::milliseconds at_most) {
        using std::chrono::steady_clock;
        const auto until = steady_clock::now() + at_most;
        for (;;) {
            int running = 0;
            curl_multi_perform(multi_.get(), &running);
            collect();
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
            if (interrupted_.exchange(false) || !over_.empty() || left <= 0)
                return std::exchange(over_, {});
            curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(std::min<std::int64_t>(left, 60'000)),
                            nullptr);
        }
    }

    void interrupt() noexcept {
        interrupted_ = true;
        curl_multi_wakeup(multi_.get());
    }

private:
    void refuse(const attempt& what, const error& why) {
        over_.push_back(attempt_outcome{.id = what.id, .status = {}, .error = why.detail, .hopeless = true});
    }

    void collect() {
        int left = 0;
        while (const CURLMsg* const told = curl_multi_info_read(multi_.get(), &left)) {
            if (told->msg != CURLMSG_DONE)
                continue;
            CURL* const handle = told->easy_handle;
            const CURLcode how = told->data.result; // gone with the handle
            const auto found = under_way_.find(handle);
            over_.push_back(found->second->outcome(how));
            curl_multi_remove_handle(multi_.get(), handle);
            under_way_.erase(found);
        }
    }

    options chosen_;
    std::unique_ptr<CURLM, curl_multi_freed> multi_;
    std::unordered_map<CURL*, std::unique_ptr<curl_transfer>> under_way_;
    std::vector<attempt_outcome> over_;
    std::atomic<bool> interrupted_{false};
};

curl_transport::curl_transport(options chosen) : impl_{std::make_unique<impl>(std::move(chosen))} {}
curl_transport::~curl_transport() = default;

void curl_transport::start(attempt what) {
    impl_->start(std::move(what));
}

std::vector<attempt_outcome> curl_transport::wait(std::chrono::milliseconds at_most) {
    return impl_->wait(at_most);
}

void curl_transport::interrupt() noexcept {
    impl_->interrupt();
}

} // namespace breakwater::webhooks
