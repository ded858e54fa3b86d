#include "webhooks/curl_transport.hpp"

#include "webhooks/curl_transfer.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace breakwater::webhooks {

namespace {

struct curl_multi_deleter {
    void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
};

CURLM* new_multi() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM* const multi = ready == CURLE_OK ? curl_multi_init() : nullptr;
    if (multi == nullptr)
        throw std::runtime_error("libcurl could not be initialized.");
    return multi;
}

} // namespace

class curl_transport::impl {
public:
    explicit impl(options settings) : options_{std::move(settings)}, multi_{new_multi()} {}
    ~impl() {
        for (const auto& [handle, transfer] : running_)
            curl_multi_remove_handle(multi_.get(), handle);
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    void start(attempt delivery) {
        const auto target = parse_webhook_url(delivery.url);
        if (!target)
            return refuse(delivery, target.error());
        if (const auto allowed = check_transport(*target, options_.local); !allowed)
            return refuse(delivery, allowed.error());
        auto transfer = std::make_unique<curl_transfer>(
            std::move(delivery), transfer_options{.allow_private = is_local(*target, options_.local),
                                                  .timeout = options_.timeout,
                                                  .ca_file = options_.ca_file});
        CURL* const handle = transfer->handle();
        running_.emplace(handle, std::move(transfer));
        if (curl_multi_add_handle(multi_.get(), handle) != CURLM_OK)
            throw std::runtime_error("libcurl could not start a transfer.");
    }

    std::vector<attempt_outcome> wait(std::chrono::milliseconds timeout) {
        using std::chrono::steady_clock;
        const auto until = steady_clock::now() + timeout;
        for (;;) {
            int running = 0;
            curl_multi_perform(multi_.get(), &running);
            collect();
            const auto remaining =
                std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
            if (interrupted_.exchange(false) || !finished_.empty() || remaining <= 0)
                return std::exchange(finished_, {});
            curl_multi_poll(multi_.get(), nullptr, 0,
                            static_cast<int>(std::min<std::int64_t>(remaining, 60'000)), nullptr);
        }
    }

    void interrupt() noexcept {
        interrupted_ = true;
        curl_multi_wakeup(multi_.get());
    }

private:
    void refuse(const attempt& delivery, const error& reason) {
        finished_.push_back(
            attempt_outcome{.id = delivery.id, .status = {}, .error = reason.detail, .is_permanent = true});
    }

    void collect() {
        int remaining = 0;
        while (const CURLMsg* const message = curl_multi_info_read(multi_.get(), &remaining)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            CURL* const handle = message->easy_handle;
            const CURLcode code = message->data.result; // `message` is freed with the handle
            const auto transfer = running_.find(handle);
            finished_.push_back(transfer->second->outcome(code));
            curl_multi_remove_handle(multi_.get(), handle);
            running_.erase(transfer);
        }
    }

    options options_;
    std::unique_ptr<CURLM, curl_multi_deleter> multi_;
    std::unordered_map<CURL*, std::unique_ptr<curl_transfer>> running_;
    std::vector<attempt_outcome> finished_;
    std::atomic<bool> interrupted_{false};
};

curl_transport::curl_transport(options settings) : impl_{std::make_unique<impl>(std::move(settings))} {}
curl_transport::~curl_transport() = default;

void curl_transport::start(attempt delivery) {
    impl_->start(std::move(delivery));
}

std::vector<attempt_outcome> curl_transport::wait(std::chrono::milliseconds timeout) {
    return impl_->wait(timeout);
}

void curl_transport::interrupt() noexcept {
    impl_->interrupt();
}

} // namespace breakwater::webhooks
