#include "support/desk.hpp"
#include "support/fake_server.hpp"
#include "widgets/device_list.hpp"
#include "widgets/device_page.hpp"
#include "widgets/device_tree.hpp"
#include "widgets/login_window.hpp"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>

#include <algorithm>
#include <ctime>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

namespace {

constexpr int deviceCount = 10'000;

/// The resident memory of this process, in MiB.
double residentMemory() {
    QFile file{u"/proc/self/statm"_s};
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / (1024 * 1024);
}

/// The age of this process, in milliseconds. Linux records the start time in hundredths of a second.
qint64 age() {
    QFile file{u"/proc/self/stat"_s};
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray stat = file.readAll();
    const qint64 start =
        stat.mid(stat.lastIndexOf(')') + 2).split(' ').value(19).toLongLong() * 1000 / ::sysconf(_SC_CLK_TCK);
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return qint64{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000 - start;
}

/// The CPU time of this process, in microseconds. Other processes do not affect it.
qint64 processorTime() {
    timespec cpuTime{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpuTime);
    return qint64{cpuTime.tv_sec} * 1'000'000 + cpuTime.tv_nsec / 1000;
}

/// The median, 99th percentile and maximum of times in microseconds, as text in milliseconds.
QString spread(QList<qint64> times) {
    std::sort(times.begin(), times.end());
    const auto at = [&](qsizetype n) {
        return QString::number(static_cast<double>(times[n]) / 1000, 'f', 2);
    };
    return u"median %1 ms, 99th percentile %2 ms, maximum %3 ms"_s.arg(
        at(times.size() / 2), at(times.size() * 99 / 100), at(times.size() - 1));
}

void printFigure(const QString& figure) {
    QTextStream{stdout} << "FIGURE " << figure << Qt::endl;
}

} // namespace

/// Tests with 10,000 devices on a server with the plain contract. Prints the measured times without checking
/// them, because they depend on the machine. Checks that updates do not process all devices.
class LargeFleetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsTheSignInWindow() {
        Desk desk{QUrl{u"http://127.0.0.1:9"_s}};
        desk.start();
        QVERIFY(QTest::qWaitForWindowExposed(desk.client().loginWindow()));
        printFigure(u"sign-in window %1 ms after the process start, %2 MiB resident"_s.arg(age()).arg(
            residentMemory(), 0, 'f', 0));
    }

    void showsScrollsAndUpdates() {
        PlainServer server{deviceCount};
        const double memoryBefore = residentMemory();
        QElapsedTimer timer;
        Desk desk{server.address()};
        desk.start();
        timer.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        MainWindow& window = desk.window();
        window.resize(1280, 820);
        DeviceModel& model = window.fleet().model();
        QSignalSpy resets{&model, &QAbstractItemModel::modelReset};
        QTRY_VERIFY(model.rowCount() == deviceCount);
        window.list().tree().viewport()->repaint();
        printFigure(
            u"first of %1 rows painted %2 ms after the sign-in"_s.arg(deviceCount).arg(timer.elapsed()));
        QCOMPARE(window.list().filter().rowCount(), deviceCount);

        DeviceTree& tree = window.list().tree();
        QScrollBar* scrollBar = tree.verticalScrollBar();
        QList<qint64> frames;
        QList<qint64> processor;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        for (int frame = 0; frame < 300; ++frame) {
            // Between two frames, a hundred devices send readings and the list scrolls by seven rows.
            for (int n = 0; n < 100; ++n)
                model.recordReading(PlainServer::deviceId((frame * 7919 + n * 97) % deviceCount),
                                    now.addMSecs(frame));
            const qint64 startTime = processorTime();
            timer.start();
            scrollBar->setValue(scrollBar->value() + 7 * 32);
            QCoreApplication::processEvents();
            tree.viewport()->repaint();
            frames << timer.nsecsElapsed() / 1000;
            processor << processorTime() - startTime;
        }
        printFigure(u"frame while scrolling and updating: "_s + spread(frames));
        printFigure(u"CPU time of a frame: "_s + spread(processor));

        timer.start();
        desk.type(window, u"search"_s, u"Device 77"_s);
        QTRY_COMPARE(window.list().filter().rowCount(), 111);
        printFigure(u"search text of nine characters typed in %1 ms"_s.arg(timer.elapsed()));
        printFigure(
            u"%1 MiB resident with %2 devices, including the fake server (%3 MiB before the client start)"_s
                .arg(residentMemory(), 0, 'f', 0)
                .arg(deviceCount)
                .arg(memoryBefore, 0, 'f', 0));
        QCOMPARE(resets.size(), 0);
    }

    void updatesRowByRow() {
        DeviceModel model;
        const QAbstractItemModelTester tester{&model};
        QList<Device> devices;
        for (int n = 0; n < 200; ++n)
            devices.push_back({.id = QString::number(n),
                               .name = u"Device %1"_s.arg(n),
                               .category = u"c"_s,
                               .status = u"active"_s});
        QSignalSpy inserted{&model, &QAbstractItemModel::rowsInserted};
        QSignalSpy removed{&model, &QAbstractItemModel::rowsRemoved};
        QSignalSpy changed{&model, &QAbstractItemModel::dataChanged};
        QSignalSpy resets{&model, &QAbstractItemModel::modelReset};
        model.assign(devices);
        QCOMPARE(inserted.size(), 1);
        model.assign(devices);
        QCOMPARE(inserted.size() + removed.size() + changed.size(), 1); // no change, no signal
        devices[100].name = u"Renamed"_s;
        devices.remove(50, 10);
        devices.removeLast();
        model.assign(devices);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(removed.size(), 2);
        QCOMPARE(model.rowCount(), 189);
        QCOMPARE(model.at(model.rowOf(u"60"_s)).id, u"60"_s);
        // A thousand readings lead to one signal.
        changed.clear();
        const QDateTime now = QDateTime::currentDateTimeUtc();
        for (int n = 0; n < 1000; ++n)
            model.recordReading(u"7"_s, now.addMSecs(n));
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(resets.size(), 0);
    }
};

} // namespace breakwater::desktop::test

int main(int argc, char** argv) {
    return breakwater::desktop::test::runWithWindows<breakwater::desktop::test::LargeFleetTest>(argc, argv);
}
#include "large_fleet_test.moc"
