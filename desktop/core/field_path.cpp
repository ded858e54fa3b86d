#include "core/field_path.hpp"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int mostSteps = 32;

QString unescaped(QString key) {
    for (qsizetype at = 0; (at = key.indexOf(u'\\', at)) >= 0; ++at)
        key.remove(at, 1);
    return key;
}

} // namespace

QString memberOf(const QString& way, const QString& key) {
    QString name = way.isEmpty() ? way : way + u'.';
    if (key.isEmpty())
        return name + u"\\e"_s;
    for (const QChar each : key) {
        if (u"\\.,[]"_s.contains(each))
            name += u'\\';
        name += each;
    }
    return name;
}

QString elementOf(const QString& way, int index) {
    return u"%1[%2]"_s.arg(way, QString::number(index));
}

QString writeFieldName(const FieldPath& path) {
    QString name;
    for (const FieldStep& step : path)
        name = std::holds_alternative<QString>(step) ? memberOf(name, std::get<QString>(step))
                                                     : elementOf(name, std::get<int>(step));
    return name;
}

std::optional<FieldPath> readFieldName(const QString& name) {
    static const QRegularExpression keys{uR"((\\e)|(?:[^\\.,\[\]]|\\[\\.,\[\]])+)"_s};
    static const QRegularExpression indexes{uR"(\[(0|[1-9][0-9]?)\])"_s};
    FieldPath path;
    bool keyIsNext = true;
    for (qsizetype at = 0;;) {
        const auto found = (keyIsNext ? keys : indexes)
                               .match(name, at, QRegularExpression::NormalMatch,
                                      QRegularExpression::AnchorAtOffsetMatchOption);
        if (!found.hasMatch() || path.size() == mostSteps)
            return std::nullopt;
        if (!keyIsNext && found.captured(1).toInt() >= mostOfArray)
            return std::nullopt;
        if (!keyIsNext)
            path.append(found.captured(1).toInt());
        else
            path.append(found.capturedLength(1) > 0 ? QString{} : unescaped(found.captured()));
        at = found.capturedEnd();
        if (at == name.size())
            return path;
        if (name[at] != u'.' && name[at] != u'[')
            return std::nullopt;
        keyIsNext = name[at] == u'.';
        if (keyIsNext)
            ++at;
    }
}

} // namespace breakwater::desktop
