#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>

namespace breakwater::test {

/// Counts the steps of SQLite's virtual machine in all connections opened during its lifetime. The count
/// measures the cost of statements independently of the load of the machine. REQUIRES: one instance at a
/// time.
class sqlite_steps {
public:
    sqlite_steps() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch)); }
    ~sqlite_steps() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&watch)); }
    sqlite_steps(const sqlite_steps&) = delete;
    sqlite_steps& operator=(const sqlite_steps&) = delete;

    /// The steps of the statements that ended since the last call.
    [[nodiscard]] std::int64_t take() { return count().exchange(0); }

private:
    static std::atomic<std::int64_t>& count() {
        static std::atomic<std::int64_t> steps{0};
        return steps;
    }
    static int watch(sqlite3* db, const char**, const sqlite3_api_routines*) {
        return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, &add, nullptr);
    }
    static int add(unsigned, void*, void* statement, void*) {
        count() += sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
        return 0;
    }
};

} // namespace breakwater::test
