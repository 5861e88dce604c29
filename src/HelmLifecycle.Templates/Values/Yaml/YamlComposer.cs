namespace HelmLifecycle.Templates;

/// <summary>Why a text, though it is YAML, has no value.</summary>
internal enum YamlFault : byte
{
    None,
    /// <summary>The message is complete.</summary>
    Decode,
    /// <summary>A map or list as a key; the message needs the key in Go's syntax.</summary>
    CollectionKey,
    /// <summary>A null, or an integer beyond int64, as a key; the message needs key and value in Go's syntax.</summary>
    UnsupportedKey,
}

/// <summary>
/// Builds the value of one document as go-yaml 2 does: anchors and aliases, merge keys, duplicate keys (the last wins), and the
/// limit on alias expansion. It does not recurse, so depth costs no stack.
/// </summary>
internal sealed class YamlComposer<T, TBuilder>
    where TBuilder : struct, IYamlBuilder<T>
{
    /// <summary>
    /// How deep collections may nest. go-yaml allows 10,000; what works on values afterwards recurses, and no chart comes near.
    /// </summary>
    private const int MaxDepth = 1000;

    private sealed class AnchorInfo
    {
        public T Value = default!;
        public bool Done;
        public YamlScalar? Scalar;
        public int Nodes;
        public int Depth;
    }

    private enum Expect : byte
    {
        Item,
        Key,
        Value,
        MergeValue,
    }

    private struct Frame
    {
        public Expect Expect;
        public T Map;
        public YamlScalar Key;
        public int FirstItem;
        public AnchorInfo? Anchor;
        public int NodesBefore;
        public int Depth;
        /// <summary>Whether the list is the value of a merge key.</summary>
        public bool Merges;
    }

    private readonly YamlParser _parser;
    private TBuilder _builder;
    private Frame[] _frames = new Frame[8];
    private int _frameCount;
    private T[] _items = new T[16];
    private int _itemCount;
    private Dictionary<string, AnchorInfo>? _anchors;
    private int _nodes;
    private int _aliasNodes;
    private T _root = default!;

    public YamlComposer(string text, TBuilder builder)
    {
        _parser = new YamlParser(text);
        _builder = builder;
    }

    /// <summary>What was wrong with the document read.</summary>
    public YamlFault Fault { get; private set; }

    /// <summary>The message for <see cref="YamlFault.Decode"/>.</summary>
    public string FaultMessage { get; private set; } = "";

    /// <summary>The value that a faulty key had, for the message.</summary>
    public T FaultValue { get; private set; } = default!;

    /// <summary>The key, for <see cref="YamlFault.UnsupportedKey"/>.</summary>
    public YamlScalar FaultKey { get; private set; }

    /// <summary>Where the fault is.</summary>
    public YamlMark FaultMark { get; private set; }

    /// <summary>Whether a number is infinite or none at all, which JSON has no form for.</summary>
    public bool HasNonFinite { get; private set; }

    /// <summary>Reads the first document.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="YamlSyntaxError">The text is no YAML.</exception>
    public bool Read(out T value)
    {
        value = default!;
        if (_parser.Read() == YamlEventKind.StreamEnd)
            return false;
        _nodes = 1;
        while (_parser.Read() != YamlEventKind.DocumentEnd)
        {
            if (Fault is YamlFault.Decode or YamlFault.CollectionKey)
                Pass();
            else
                Handle();
        }

        value = _root;
        return true;
    }

    private void Fail(YamlFault fault, string message = "")
    {
        Fault = fault;
        FaultMessage = message;
        FaultMark = _parser.Start;
    }

    // After a fault go-yaml would still have found errors of syntax first.
    private void Pass()
    {
        if (_parser.Kind == YamlEventKind.Alias)
            Find(_parser.Text);
        else if (_parser.Anchor is not null)
            Note(_parser.Anchor);
    }

    private AnchorInfo Find(string name)
    {
        if (_anchors is null || !_anchors.TryGetValue(name, out AnchorInfo? info))
            throw new YamlSyntaxError($"unknown anchor '{name}' referenced", _parser.Start, 0);
        return info;
    }

    private AnchorInfo? Note(string? name)
    {
        if (name is null)
            return null;
        _anchors ??= new Dictionary<string, AnchorInfo>(StringComparer.Ordinal);
        var info = new AnchorInfo();
        _anchors[name] = info;
        return info;
    }

    private void Handle()
    {
        switch (_parser.Kind)
        {
            case YamlEventKind.Scalar:
                HandleScalar();
                break;
            case YamlEventKind.Alias:
                HandleAlias();
                break;
            case YamlEventKind.SequenceStart:
            case YamlEventKind.MappingStart:
                Open(_parser.Kind == YamlEventKind.MappingStart);
                break;
            default:
                Close();
                break;
        }
    }

    private bool ExpectsKey => _frameCount > 0 && _frames[_frameCount - 1].Expect == Expect.Key;

    private void Count(int nodes, bool alias)
    {
        _nodes += nodes;
        if (alias)
            _aliasNodes += nodes;
        if (_aliasNodes > 100 && _nodes > 1000 && (double)_aliasNodes / _nodes > AllowedAliasRatio(_nodes))
            Fail(YamlFault.Decode, "yaml: document contains excessive aliasing");
    }

    // go-yaml's bound on what aliases may blow a document up to.
    private static double AllowedAliasRatio(int nodes) => nodes switch
    {
        <= 400_000 => 0.99,
        >= 4_000_000 => 0.10,
        _ => 0.99 - 0.89 * ((nodes - 400_000) / 3_600_000.0),
    };

    private void HandleScalar()
    {
        AnchorInfo? anchor = Note(_parser.Anchor);
        if (ExpectsKey && _parser.Text == "<<" && (_parser.Implicit || _parser.Tag == "tag:yaml.org,2002:merge"))
        {
            _frames[_frameCount - 1].Expect = Expect.MergeValue;
            return;
        }

        Count(1, false);
        if (Fault is YamlFault.Decode)
            return;
        YamlScalar scalar;
        try
        {
            scalar = YamlScalar.Resolve(_parser.Text, _parser.Tag, _parser.Implicit);
        }
        catch (YamlDecodeError e)
        {
            Fail(YamlFault.Decode, e.Message);
            return;
        }

        if (anchor is not null)
        {
            anchor.Scalar = scalar;
            anchor.Value = _builder.Scalar(scalar);
            anchor.Nodes = 1;
            anchor.Done = true;
        }

        if (ExpectsKey)
            SetKey(scalar);
        else
            Add(MakeScalar(scalar), false, 0);
    }

    private T MakeScalar(YamlScalar scalar)
    {
        if (scalar.Kind == YamlScalarKind.Float && !double.IsFinite(scalar.Float))
            HasNonFinite = true;
        return _builder.Scalar(scalar);
    }

    private void HandleAlias()
    {
        AnchorInfo info = Find(_parser.Text);
        Count(1, false);
        if (Fault is YamlFault.Decode)
            return;
        if (!info.Done)
        {
            if (_frameCount > 0 && _frames[_frameCount - 1].Expect == Expect.MergeValue && info.Depth < 0)
                Fail(YamlFault.Decode, MergeMessage);
            else
                Fail(YamlFault.Decode, $"yaml: anchor '{_parser.Text}' value contains itself");
            return;
        }

        Count(info.Nodes, true);
        if (Fault is YamlFault.Decode)
            return;
        if (_frameCount + info.Depth > MaxDepth)
        {
            Fail(YamlFault.Decode, $"yaml: exceeded max depth of {MaxDepth}");
            return;
        }

        if (!ExpectsKey)
            Add(info.Scalar is { } scalar ? MakeScalar(scalar) : _builder.Copy(info.Value), true, info.Depth);
        else if (info.Scalar is { } key)
            SetKey(key);
        else
            FailKey(info.Value);
    }

    private void FailKey(T key)
    {
        Fail(YamlFault.CollectionKey);
        FaultValue = key;
    }

    private void SetKey(YamlScalar key)
    {
        ref Frame frame = ref _frames[_frameCount - 1];
        frame.Key = key;
        frame.Expect = Expect.Value;
    }

    private void Open(bool map)
    {
        if (_frameCount >= MaxDepth)
        {
            Fail(YamlFault.Decode, $"yaml: exceeded max depth of {MaxDepth}");
            return;
        }

        bool merges = !map && _frameCount > 0 && _frames[_frameCount - 1].Expect == Expect.MergeValue;
        AnchorInfo? anchor = Note(_parser.Anchor);
        if (!merges)
            Count(1, false);
        if (Fault is YamlFault.Decode)
            return;
        if (_frameCount == _frames.Length)
            Array.Resize(ref _frames, _frames.Length * 2);
        ref Frame frame = ref _frames[_frameCount++];
        frame = default;
        frame.Anchor = anchor;
        frame.NodesBefore = _nodes - 1;
        frame.Merges = merges;
        if (map)
        {
            frame.Expect = Expect.Key;
            frame.Map = _builder.NewMap();
        }
        else
        {
            frame.Expect = Expect.Item;
            frame.FirstItem = _itemCount;
            // An alias to a list cannot be merged: told apart from a map that holds itself by this.
            if (anchor is not null)
                anchor.Depth = -1;
        }
    }

    private void Close()
    {
        Frame frame = _frames[--_frameCount];
        T value;
        if (frame.Expect == Expect.Item)
        {
            value = _builder.List(_items.AsSpan(frame.FirstItem, _itemCount - frame.FirstItem));
            Array.Clear(_items, frame.FirstItem, _itemCount - frame.FirstItem);
            _itemCount = frame.FirstItem;
        }
        else
        {
            value = frame.Map;
        }

        int depth = frame.Depth + 1;
        if (frame.Anchor is { } anchor)
        {
            anchor.Value = value;
            anchor.Nodes = _nodes - frame.NodesBefore;
            anchor.Depth = depth;
            anchor.Done = true;
        }

        if (ExpectsKey)
            FailKey(value);
        else
            Add(value, false, depth);
    }

    private void Add(T value, bool alias, int depth)
    {
        if (_frameCount == 0)
        {
            _root = value;
            return;
        }

        ref Frame frame = ref _frames[_frameCount - 1];
        frame.Depth = Math.Max(frame.Depth, depth);
        switch (frame.Expect)
        {
            case Expect.Item:
                if (frame.Merges && !_builder.IsMap(value))
                {
                    Fail(YamlFault.Decode, MergeMessage);
                    return;
                }

                if (_itemCount == _items.Length)
                    Array.Resize(ref _items, _items.Length * 2);
                _items[_itemCount++] = value;
                return;
            case Expect.MergeValue:
                Merge(frame.Map, value, alias);
                break;
            default:
                string? text = frame.Key.KeyText();
                if (text is null && Fault == YamlFault.None)
                {
                    Fail(YamlFault.UnsupportedKey);
                    FaultKey = frame.Key;
                }

                if (text is null)
                    FaultValue = value;
                _builder.Put(frame.Map, frame.Key, text, value);
                break;
        }

        frame.Expect = Expect.Key;
    }

    private const string MergeMessage = "yaml: map merge requires map or sequence of maps as the value";

    private void Merge(T map, T value, bool alias)
    {
        if (_builder.IsMap(value))
        {
            _builder.Merge(map, value);
        }
        else if (!alias && _builder.IsList(value))
        {
            ReadOnlySpan<T> maps = _builder.Items(value);
            // The earlier ones take precedence.
            for (int i = maps.Length - 1; i >= 0; i--)
                _builder.Merge(map, maps[i]);
        }
        else
        {
            Fail(YamlFault.Decode, MergeMessage);
        }
    }
}
