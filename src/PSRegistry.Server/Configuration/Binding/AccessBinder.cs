using System.Globalization;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>access</c>. Whatever is wrong with a rule is an error: a rule that is passed over is a door open or shut by a slip.</summary>
internal sealed class AccessBinder
{
    private const string Groups = "access.groups", Rules = "access.rules";

    private static readonly (string Name, RegistryAction Value)[] Actions =
        [("pull", RegistryAction.Pull), ("push", RegistryAction.Push), ("delete", RegistryAction.Delete), ("catalog", RegistryAction.Catalog)];

    private readonly ValueReader _values;
    private readonly Dictionary<string, IReadOnlyList<string>> _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private AccessBinder(ValueReader values) => _values = values;

    /// <summary>The rules; null where there is no such section.</summary>
    public static AccessConfiguration? Bind(ValueReader values, MappingNode root, AuthConfiguration auth)
    {
        // There, even when empty, it forbids what it does not allow.
        if (root.Find("access") is not { } section) return null;
        var binder = new AccessBinder(values);
        binder.ReadGroups();
        var rules = values.Items(Rules).Select((_, index) => binder.ReadRule(index)).OfType<AccessRuleConfiguration>().ToList();
        binder.WarnOfUnusedGroups();
        if (values.Items(Rules).Count == 0 && section is MappingNode or ScalarNode { IsNull: true })
            values.Faults.Error(Rules, section.Origin, "there is no rule, so nobody could do anything", "Add rules, such as {users: ['*'], actions: [pull, push]}, or remove the section");
        if (auth is { Htpasswd: { Issuer: null } } && rules.Find(rule => rule.Anonymous) is { } open)
            values.Faults.Warning(Rules, values.Origin(Rules), $"docker and podman pull nothing without a login (as {open.Origin} allows) where passwords are asked for", "Add auth.htpasswd.issuer: {}, so that they get tokens");
        return new AccessConfiguration(rules);
    }

    private void ReadGroups()
    {
        if (_values.Node(Groups) is not MappingNode map) return;
        foreach (var group in map.Entries)
            _groups[group.Key] = [.. (group.Value as SequenceNode)?.Items.OfType<ScalarNode>().Select(user => user.Text) ?? []];
    }

    private AccessRuleConfiguration? ReadRule(int index)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{Rules}[{index}]");
        if (_values.Node(path) is not MappingNode rule)
        {
            _values.Faults.Error(path, _values.Items(Rules)[index].Origin, "the rule is empty", "Write {users: [...], repositories: [...], actions: [...]}");
            return null;
        }
        var (users, groups) = (Texts(path + ".users"), Texts(path + ".groups"));
        var anonymous = _values.Boolean(path + ".anonymous") is true;
        if (!anonymous && users.Count == 0 && groups.Count == 0)
            _values.Faults.Error(path, rule.Origin, "the rule does not say whom it is for", "Add users: [ann], users: ['*'] for all of them, groups: [...], or anonymous: true for everybody");
        return new()
        {
            Anonymous = anonymous,
            EveryUser = users.Any(user => user.Text == "*"),
            Users = [.. users.Select(user => user.Text).Concat(groups.SelectMany(group => Members(path, group))).Distinct(StringComparer.Ordinal)],
            Repositories = Repositories(path, anonymous && users.Count == 0 && groups.Count == 0),
            Actions = ReadActions(path, rule),
            Text = FlowYaml.Write(rule),
            Origin = rule.Origin.ToString(),
        };
    }

    private IReadOnlyList<string> Members(string path, ScalarNode group)
    {
        _used.Add(group.Text);
        if (_groups.TryGetValue(group.Text, out var members)) return members;
        _values.Faults.Error(path + ".groups", group.Origin, $"there is no group \"{group.Text}\"", $"Add {Groups}.{group.Text}: [...] with its users");
        return [];
    }

    private IReadOnlyList<string> Repositories(string path, bool isForStrangersAlone)
    {
        path += ".repositories";
        if (_values.Node(path) is null) return ["**"];
        var patterns = Texts(path);
        if (patterns.Count == 0)
            _values.Refuse(path, "the rule is about no repository", "Name some, or leave the key out for all");
        foreach (var pattern in patterns)
        {
            if (RepositoryPattern.TryParse(pattern.Text) is null)
                _values.Faults.Error(path, pattern.Origin, $"no repository can match \"{pattern.Text}\"", $"Write {RepositoryPattern.Rule}");
            else if (isForStrangersAlone && pattern.Text.Contains("${user}", StringComparison.Ordinal))
                _values.Faults.Warning(path, pattern.Origin, "strangers have no name that could stand for ${user}", "Name users or groups");
        }
        return [.. patterns.Select(pattern => pattern.Text)];
    }

    private IReadOnlyList<RegistryAction> ReadActions(string path, MappingNode rule)
    {
        path += ".actions";
        var written = Texts(path);
        if (written.Count == 0)
            _values.Faults.Error(path, _values.Node(path)?.Origin ?? rule.Origin, "the rule does not say what it allows", "Add actions: [pull], and push, delete or catalog");
        var actions = new List<RegistryAction>();
        foreach (var word in written)
        {
            var known = Array.FindIndex(Actions, action => action.Name == word.Text);
            if (word.Text == "*")
                actions.AddRange(Actions.Select(action => action.Value));
            else if (known >= 0)
                actions.Add(Actions[known].Value);
            else
                _values.Faults.Error(path, word.Origin, $"\"{word.Text}\" is no action", "Write some of pull, push, delete, catalog, or '*' for all");
        }
        return [.. actions.Distinct()];
    }

    private void WarnOfUnusedGroups()
    {
        foreach (var group in (_values.Node(Groups) as MappingNode)?.Entries.Where(group => !_used.Contains(group.Key)) ?? [])
            _values.Faults.Warning($"{Groups}.{group.Key}", group.Origin, "no rule is for this group", "Name it in a rule's groups, or remove it");
    }

    private List<ScalarNode> Texts(string path) => [.. _values.Items(path).OfType<ScalarNode>().Where(item => item.Text.Length > 0)];
}
