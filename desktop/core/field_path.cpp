#include "core/field_path.hpp"

#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int maxSteps = 32;

QString unescaped(QString key) {
    for (qsizetype at = 0; (at = key.indexOf(u'\\', at)) >= 0; ++at)
        key.remove(at, 1);
    return key;
}

} // namespace

QString memberName(const QString& parent, const QString& key) {
    QString name = parent.isEmpty() ? parent : parent + u'.';
    if (key.isEmpty())
        return name + u"\\e"_s;
    for (const QChar character : key) {
        if (u"\\.,[]"_s.contains(character))
            name += u'\\';
        name += character;
    }
    return name;
}

QString elementName(const QString& parent, int index) {
    return u"%1[%2]"_s.arg(parent, QString::number(index));
}

QString writeFieldName(const FieldPath& path) {
    QString name;
    for (const FieldStep& step : path)
        name = std::holds_alternative<QString>(step) ? memberName(name, std::get<QString>(step))
                                                     : elementName(name, std::get<int>(step));
    return name;
}

std::optional<FieldPath> readFieldName(const QString& name) {
    static const QRegularExpression keys{uR"((\\e)|(?:[^\\.,\[\]]|\\[\\.,\[\]])+)"_s};
    static const QRegularExpression indexes{uR"(\[(0|[1-9][0-9]?)\])"_s};
    FieldPath path;
    bool keyIsNext = true;
    for (qsizetype at = 0;;) {
        const auto match = (keyIsNext ? keys : indexes)
                               .match(name, at, QRegularExpression::NormalMatch,
                                      QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch() || path.size() == maxSteps)
            return std::nullopt;
        if (!keyIsNext && match.captured(1).toInt() >= maxArrayNames)
            return std::nullopt;
        if (!keyIsNext)
            path.append(match.captured(1).toInt());
        else
            path.append(match.capturedLength(1) > 0 ? QString{} : unescaped(match.captured()));
        at = match.capturedEnd();
        if (at == name.size())
            return path;
        if (name[at] != u'.' && name[at] != u'[')
            return std::nullopt;
        keyIsNext = name[at] == u'.';
        if (keyIsNext)
            ++at;
    }
}

QJsonValue valueAt(const QJsonObject& payload, const QString& name) {
    const auto path = readFieldName(name);
    if (!path)
        return QJsonValue::Undefined;
    QJsonValue value = payload;
    for (const FieldStep& step : *path)
        value = std::holds_alternative<QString>(step) ? value.toObject().value(std::get<QString>(step))
                                                      : value.toArray().at(std::get<int>(step));
    return value;
}

} // namespace breakwater::desktop
