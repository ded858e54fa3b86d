#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

/// A SQLite VFS over the system's that fails on demand, and that knows what a disk would still hold after a
/// loss of power. It behaves as Linux does after a failed fsync: the pages it was about count as clean,
/// readers see them in the cache, no later fsync writes them, and only a new write makes them dirty again.
class failing_disk {
public:
    explicit failing_disk(std::string name) : name_{std::move(name)}, real_{sqlite3_vfs_find(nullptr)} {
        vfs_ = *real_;
        vfs_.szOsFile = static_cast<int>(sizeof(file)) + real_->szOsFile;
        vfs_.pNext = nullptr;
        vfs_.zName = name_.c_str();
        vfs_.pAppData = this;
        vfs_.xOpen = &open;
        sqlite3_vfs_register(&vfs_, 0);
    }
    ~failing_disk() { sqlite3_vfs_unregister(&vfs_); }
    failing_disk(const failing_disk&) = delete;
    failing_disk& operator=(const failing_disk&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// The next `times` calls after the following `pass` fail with the given SQLite code.
    void fail_syncs(int code, int times, int pass = 0) { set(syncs_, {code, times, pass}); }
    void fail_writes(int code, int times, int pass = 0) { set(writes_, {code, times, pass}); }
    [[nodiscard]] int failures() const {
        const std::lock_guard lock{mutex_};
        return failures_;
    }

    /// What was synced, as files of another folder: the machine after a loss of power.
    void lose_power_into(const std::filesystem::path& folder) const {
        const std::lock_guard lock{mutex_};
        for (const auto& [path, synced] : images_)
            std::ofstream{folder / std::filesystem::path{path}.filename(), std::ios::binary}
                << synced.durable;
    }

private:
    struct fault {
        int code = SQLITE_OK;
        int times = 0;
        int pass = 0;
    };
    struct image {
        std::string durable;
        std::vector<std::pair<std::size_t, std::string>> dirty; ///< empty text: cut off there
    };
    struct file {
        sqlite3_file base;
        sqlite3_io_methods methods;
        failing_disk* disk;
        image* kept; ///< null: of no interest
        [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static file* of(sqlite3_file* base) { return reinterpret_cast<file*>(base); }

    void set(fault& which, fault to) {
        const std::lock_guard lock{mutex_};
        which = to;
    }
    int strike(fault& which) {
        if (which.times == 0)
            return SQLITE_OK;
        if (which.pass > 0) {
            --which.pass;
            return SQLITE_OK;
        }
        --which.times;
        ++failures_;
        return which.code;
    }

    static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* base, int flags, int* out_flags) {
        auto* self = static_cast<failing_disk*>(vfs->pAppData);
        file* made = of(base);
        made->base.pMethods = nullptr;
        const int code = self->real_->xOpen(self->real_, path, made->real(), flags, out_flags);
        if (code != SQLITE_OK)
            return code;
        const std::lock_guard lock{self->mutex_};
        made->disk = self;
        made->kept = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0 ? &self->images_[path] : nullptr;
        made->methods = *made->real()->pMethods;
        forward(made->methods);
        made->methods.xWrite = &write;
        made->methods.xSync = &sync;
        made->methods.xTruncate = &truncate;
        made->base.pMethods = &made->methods;
        return SQLITE_OK;
    }

    static int write(sqlite3_file* base, const void* data, int size, sqlite3_int64 at) {
        file* to = of(base);
        {
            const std::lock_guard lock{to->disk->mutex_};
            if (const int code = to->disk->strike(to->disk->writes_); code != SQLITE_OK)
                return code;
            if (to->kept != nullptr)
                to->kept->dirty.emplace_back(
                    static_cast<std::size_t>(at),
                    std::string{static_cast<const char*>(data), static_cast<std::size_t>(size)});
        }
        return to->real()->pMethods->xWrite(to->real(), data, size, at);
    }

    static int truncate(sqlite3_file* base, sqlite3_int64 size) {
        file* to = of(base);
        if (to->kept != nullptr) {
            const std::lock_guard lock{to->disk->mutex_};
            to->kept->dirty.emplace_back(static_cast<std::size_t>(size), std::string{});
        }
        return to->real()->pMethods->xTruncate(to->real(), size);
    }

    static int sync(sqlite3_file* base, int) {
        file* to = of(base);
        const std::lock_guard lock{to->disk->mutex_};
        const int code = to->disk->strike(to->disk->syncs_);
        if (to->kept == nullptr)
            return code;
        if (code == SQLITE_OK)
            for (const auto& [at, data] : to->kept->dirty) {
                std::string& durable = to->kept->durable;
                if (data.empty() || durable.size() < at + data.size())
                    durable.resize(data.empty() ? at : at + data.size());
                durable.replace(at, data.size(), data);
            }
        to->kept->dirty.clear();
        return code; // the image is the disk: a real sync would only cost time
    }

    /// All other calls go to the real file, which lies behind ours.
    static void forward(sqlite3_io_methods& to) {
        to.iVersion = 2;
        to.xClose = [](sqlite3_file* f) { return of(f)->real()->pMethods->xClose(of(f)->real()); };
        to.xRead = [](sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
            return of(f)->real()->pMethods->xRead(of(f)->real(), data, size, at);
        };
        to.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
            return of(f)->real()->pMethods->xFileSize(of(f)->real(), size);
        };
        to.xLock = [](sqlite3_file* f, int level) {
            return of(f)->real()->pMethods->xLock(of(f)->real(), level);
        };
        to.xUnlock = [](sqlite3_file* f, int level) {
            return of(f)->real()->pMethods->xUnlock(of(f)->real(), level);
        };
        to.xCheckReservedLock = [](sqlite3_file* f, int* out) {
            return of(f)->real()->pMethods->xCheckReservedLock(of(f)->real(), out);
        };
        to.xFileControl = [](sqlite3_file* f, int what, void* with) {
            return of(f)->real()->pMethods->xFileControl(of(f)->real(), what, with);
        };
        to.xSectorSize = [](sqlite3_file* f) { return of(f)->real()->pMethods->xSectorSize(of(f)->real()); };
        to.xDeviceCharacteristics = [](sqlite3_file* f) {
            return of(f)->real()->pMethods->xDeviceCharacteristics(of(f)->real());
        };
        to.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
            return of(f)->real()->pMethods->xShmMap(of(f)->real(), page, size, extend, out);
        };
        to.xShmLock = [](sqlite3_file* f, int at, int n, int flags) {
            return of(f)->real()->pMethods->xShmLock(of(f)->real(), at, n, flags);
        };
        to.xShmBarrier = [](sqlite3_file* f) { of(f)->real()->pMethods->xShmBarrier(of(f)->real()); };
        to.xShmUnmap = [](sqlite3_file* f, int remove) {
            return of(f)->real()->pMethods->xShmUnmap(of(f)->real(), remove);
        };
    }

    std::string name_;
    sqlite3_vfs* real_;
    sqlite3_vfs vfs_{};
    mutable std::mutex mutex_;
    fault syncs_;
    fault writes_;
    int failures_ = 0;
    std::map<std::string, image> images_;
};

} // namespace breakwater::storage::sqlite
