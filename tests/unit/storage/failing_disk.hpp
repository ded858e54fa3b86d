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

/// A SQLite VFS on top of the system's. It fails on demand, and it tracks what a disk would contain after a
/// power loss. After a failed fsync it behaves like Linux: the affected pages count as clean, readers see
/// them in the cache, no later fsync writes them, and only a new write makes them dirty again.
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

    /// Lets the next `pass` calls succeed; the `times` calls after them fail with this SQLite code.
    void fail_syncs(int code, int times, int pass = 0) { set(syncs_, {code, times, pass}); }
    void fail_writes(int code, int times, int pass = 0) { set(writes_, {code, times, pass}); }
    [[nodiscard]] int failures() const {
        const std::lock_guard lock{mutex_};
        return failures_;
    }

    /// Writes the synced content as files into `folder`: the state after a power loss.
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
        std::vector<std::pair<std::size_t, std::string>> dirty; ///< empty text: truncated there
    };
    struct file {
        sqlite3_file base;
        sqlite3_io_methods methods;
        failing_disk* disk;
        image* tracked; ///< null: the file is not tracked
        [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static file* cast(sqlite3_file* base) { return reinterpret_cast<file*>(base); }

    void set(fault& target, fault value) {
        const std::lock_guard lock{mutex_};
        target = value;
    }
    /// The result code of the next call.
    int next_code(fault& pending) {
        if (pending.times == 0)
            return SQLITE_OK;
        if (pending.pass > 0) {
            --pending.pass;
            return SQLITE_OK;
        }
        --pending.times;
        ++failures_;
        return pending.code;
    }

    static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* base, int flags, int* out_flags) {
        auto* self = static_cast<failing_disk*>(vfs->pAppData);
        file* opened = cast(base);
        opened->base.pMethods = nullptr;
        const int code = self->real_->xOpen(self->real_, path, opened->real(), flags, out_flags);
        if (code != SQLITE_OK)
            return code;
        const std::lock_guard lock{self->mutex_};
        opened->disk = self;
        opened->tracked =
            (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0 ? &self->images_[path] : nullptr;
        opened->methods = *opened->real()->pMethods;
        forward(opened->methods);
        opened->methods.xWrite = &write;
        opened->methods.xSync = &sync;
        opened->methods.xTruncate = &truncate;
        opened->base.pMethods = &opened->methods;
        return SQLITE_OK;
    }

    static int write(sqlite3_file* base, const void* data, int size, sqlite3_int64 at) {
        file* target = cast(base);
        {
            const std::lock_guard lock{target->disk->mutex_};
            if (const int code = target->disk->next_code(target->disk->writes_); code != SQLITE_OK)
                return code;
            if (target->tracked != nullptr)
                target->tracked->dirty.emplace_back(
                    static_cast<std::size_t>(at),
                    std::string{static_cast<const char*>(data), static_cast<std::size_t>(size)});
        }
        return target->real()->pMethods->xWrite(target->real(), data, size, at);
    }

    static int truncate(sqlite3_file* base, sqlite3_int64 size) {
        file* target = cast(base);
        if (target->tracked != nullptr) {
            const std::lock_guard lock{target->disk->mutex_};
            target->tracked->dirty.emplace_back(static_cast<std::size_t>(size), std::string{});
        }
        return target->real()->pMethods->xTruncate(target->real(), size);
    }

    static int sync(sqlite3_file* base, int) {
        file* target = cast(base);
        const std::lock_guard lock{target->disk->mutex_};
        const int code = target->disk->next_code(target->disk->syncs_);
        if (target->tracked == nullptr)
            return code;
        if (code == SQLITE_OK)
            for (const auto& [at, data] : target->tracked->dirty) {
                std::string& durable = target->tracked->durable;
                if (data.empty() || durable.size() < at + data.size())
                    durable.resize(data.empty() ? at : at + data.size());
                durable.replace(at, data.size(), data);
            }
        target->tracked->dirty.clear();
        return code; // no real sync: the image represents the disk
    }

    /// Forwards all other calls to the real file, which follows ours in memory.
    static void forward(sqlite3_io_methods& methods) {
        methods.iVersion = 2;
        methods.xClose = [](sqlite3_file* f) { return cast(f)->real()->pMethods->xClose(cast(f)->real()); };
        methods.xRead = [](sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
            return cast(f)->real()->pMethods->xRead(cast(f)->real(), data, size, at);
        };
        methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
            return cast(f)->real()->pMethods->xFileSize(cast(f)->real(), size);
        };
        methods.xLock = [](sqlite3_file* f, int level) {
            return cast(f)->real()->pMethods->xLock(cast(f)->real(), level);
        };
        methods.xUnlock = [](sqlite3_file* f, int level) {
            return cast(f)->real()->pMethods->xUnlock(cast(f)->real(), level);
        };
        methods.xCheckReservedLock = [](sqlite3_file* f, int* out) {
            return cast(f)->real()->pMethods->xCheckReservedLock(cast(f)->real(), out);
        };
        methods.xFileControl = [](sqlite3_file* f, int operation, void* argument) {
            return cast(f)->real()->pMethods->xFileControl(cast(f)->real(), operation, argument);
        };
        methods.xSectorSize = [](sqlite3_file* f) {
            return cast(f)->real()->pMethods->xSectorSize(cast(f)->real());
        };
        methods.xDeviceCharacteristics = [](sqlite3_file* f) {
            return cast(f)->real()->pMethods->xDeviceCharacteristics(cast(f)->real());
        };
        methods.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
            return cast(f)->real()->pMethods->xShmMap(cast(f)->real(), page, size, extend, out);
        };
        methods.xShmLock = [](sqlite3_file* f, int at, int n, int flags) {
            return cast(f)->real()->pMethods->xShmLock(cast(f)->real(), at, n, flags);
        };
        methods.xShmBarrier = [](sqlite3_file* f) {
            cast(f)->real()->pMethods->xShmBarrier(cast(f)->real());
        };
        methods.xShmUnmap = [](sqlite3_file* f, int remove) {
            return cast(f)->real()->pMethods->xShmUnmap(cast(f)->real(), remove);
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
