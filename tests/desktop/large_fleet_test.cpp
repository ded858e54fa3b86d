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

constexpr int count = 10'000;

/// Of this process, in MiB, as Linux says it.
double residentMemory() {
    QFile file{u"/proc/self/statm"_s};
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * 4096 / (1024 * 1024);
}

/// How long this process has been there, in milliseconds; Linux keeps its start to the hundredth of a second.
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

/// What the processor has done for this process, in microseconds: what else the machine does doesn't count.
qint64 processorTime() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return qint64{used.tv_sec} * 1'000'000 + used.tv_nsec / 1000;
}

/// Median, 99th of 100, and longest of microseconds, in milliseconds.
QString spread(QList<qint64> times) {
    std::sort(times.begin(), times.end());
    const auto at = [&](qsizetype n) {
        return QString::number(static_cast<double>(times[n]) / 1000, 'f', 2);
    };
    return u"median %1 ms, 99th of 100 %2 ms, longest %3 ms"_s.arg(
        at(times.size() / 2), at(times.size() * 99 / 100), at(times.size() - 1));
}

void say(const QString& figure) {
    QTextStream{stdout} << "FIGURE " << figure << Qt::endl;
}

} // namespace

/// Ten thousand devices of a server of the plain contract. The figures are printed, not judged: how fast it
/// is depends on the machine. What is judged is that no work is done again and again for all of them.
class LargeFleetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksWhoOneIs() {
        Desk desk{QUrl{u"http://127.0.0.1:9"_s}};
        desk.start();
        QVERIFY(QTest::qWaitForWindowExposed(desk.client().loginWindow()));
        say(u"sign-in window %1 ms after the process was started, %2 MiB resident"_s.arg(age()).arg(
            residentMemory(), 0, 'f', 0));
    }

    void showsScrollsAndUpdates() {
        PlainServer server{count};
        const double before = residentMemory();
        QElapsedTimer timer;
        Desk desk{server.address()};
        desk.start();
        timer.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        MainWindow& window = desk.window();
        window.resize(1280, 820);
        DeviceModel& model = window.fleet().model();
        QSignalSpy resets{&model, &QAbstractItemModel::modelReset};
        QTRY_VERIFY(model.rowCount() == count);
        window.list().tree().viewport()->repaint();
        say(u"first of %1 rows painted %2 ms after the password was typed"_s.arg(count).arg(timer.elapsed()));
        QCOMPARE(window.list().filter().rowCount(), count);

        DeviceTree& tree = window.list().tree();
        QScrollBar* bar = tree.verticalScrollBar();
        QList<qint64> frames;
        QList<qint64> processor;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        for (int frame = 0; frame < 300; ++frame) {
            // A hundred devices speak between two frames, which are scrolled by seven rows.
            for (int n = 0; n < 100; ++n)
                model.heard(PlainServer::deviceId((frame * 7919 + n * 97) % count), now.addMSecs(frame));
            const qint64 used = processorTime();
            timer.start();
            bar->setValue(bar->value() + 7 * 32);
            QCoreApplication::processEvents();
            tree.viewport()->repaint();
            frames << timer.nsecsElapsed() / 1000;
            processor << processorTime() - used;
        }
        say(u"frame while scrolling and updating: "_s + spread(frames));
        say(u"processor time of a frame: "_s + spread(processor));

        timer.start();
        desk.type(window, u"search"_s, u"Device 77"_s);
        QTRY_COMPARE(window.list().filter().rowCount(), 111);
        say(u"search typed, nine letters, in %1 ms"_s.arg(timer.elapsed()));
        say(u"%1 MiB resident with %2 devices (the fake server in the same process; %3 MiB before the client was made)"_s
                .arg(residentMemory(), 0, 'f', 0)
                .arg(count)
                .arg(before, 0, 'f', 0));
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
        QCOMPARE(inserted.size() + removed.size() + changed.size(), 1); // nothing new, nothing told
        devices[100].name = u"Renamed"_s;
        devices.remove(50, 10);
        devices.removeLast();
        model.assign(devices);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(removed.size(), 2);
        QCOMPARE(model.rowCount(), 189);
        QCOMPARE(model.at(model.rowOf(u"60"_s)).id, u"60"_s);
        // A thousand readings are told together.
        changed.clear();
        const QDateTime now = QDateTime::currentDateTimeUtc();
        for (int n = 0; n < 1000; ++n)
            model.heard(u"7"_s, now.addMSecs(n));
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(resets.size(), 0);
    }
};

} // namespace breakwater::desktop::test

int main(int argc, char** argv) {
    return breakwater::desktop::test::runWithWindows<breakwater::desktop::test::LargeFleetTest>(argc, argv);
}
#include "large_fleet_test.moc"
