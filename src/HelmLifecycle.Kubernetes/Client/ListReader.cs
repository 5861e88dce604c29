using System.Text.Json;
using System.Text.Json.Nodes;

namespace HelmLifecycle.Kubernetes;

/// <summary>Reads a list answer object by object as it arrives, holding no more than one object of it.</summary>
internal sealed class ListReader(Stream stream)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1000 };
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private bool _complete;
    private JsonReaderState _state = new(Options);
    private Place _place = Place.Start;
    private string _property = "";

    private enum Place
    {
        Start,
        Property,
        Value,
        Items,
        End,
    }

    /// <summary>The list's metadata; known for certain only after the last object, since it may stand behind the items.</summary>
    public JsonObject Metadata { get; private set; } = [];

    /// <summary>Kind of the list; empty until seen.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>The next object, or null at the end.</summary>
    /// <exception cref="FormatException">The answer is no list.</exception>
    public async ValueTask<JsonObject?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            Step step;
            JsonObject? item;
            try
            {
                step = Advance(out item);
            }
            catch (JsonException e)
            {
                throw new FormatException("The list is not JSON: " + e.Message, e);
            }
            if (step == Step.Item) return item;
            if (step == Step.End) return null;
            if (_complete) throw new FormatException("The list breaks off.");
            await FillAsync(ct).ConfigureAwait(false);
        }
    }

    private enum Step
    {
        NeedData,
        Item,
        End,
    }

    private Step Advance(out JsonObject? item)
    {
        item = null;
        while (_place != Place.End)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _complete, _state);
            if (!reader.Read()) return Step.NeedData;
            switch (_place)
            {
                case Place.Start:
                    if (reader.TokenType != JsonTokenType.StartObject) throw new FormatException("The answer is no list.");
                    _place = Place.Property;
                    break;
                case Place.Property when reader.TokenType == JsonTokenType.EndObject:
                    _place = Place.End;
                    break;
                case Place.Property:
                    _property = reader.GetString()!;
                    _place = Place.Value;
                    break;
                case Place.Value when _property == "items" && reader.TokenType == JsonTokenType.StartArray:
                    _place = Place.Items;
                    break;
                case Place.Items when reader.TokenType == JsonTokenType.EndArray:
                    _place = Place.Property;
                    break;
                default:
                    int from = (int)reader.TokenStartIndex;
                    if (!reader.TrySkip()) return Step.NeedData;
                    ReadOnlyMemory<byte> value = _buffer.AsMemory(_start + from, (int)reader.BytesConsumed - from);
                    bool isItem = _place == Place.Items;
                    if (isItem) item = JsonText.Parse(value) as JsonObject ?? throw new FormatException("An item of the list is no object.");
                    else
                    {
                        if (_property == "metadata") Metadata = JsonText.Parse(value) as JsonObject ?? [];
                        if (_property == "kind") Kind = JsonText.Parse(value)?.ToString() ?? "";
                        _place = Place.Property;
                    }
                    Commit(reader);
                    if (isItem) return Step.Item;
                    continue;
            }
            Commit(reader);
        }
        return Step.End;
    }

    private void Commit(in Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        int read = await stream.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
        _end += read;
        _complete = read == 0;
    }
}
