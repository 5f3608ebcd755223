using System.Buffers;
using System.Text.Json;

namespace AspireGateway.Shared.Prices;

/// <summary>
/// Reads a file in the common public layout: one object whose members are models, each an object with <c>litellm_provider</c>, <c>mode</c>, amounts in
/// dollars per token (<c>input_cost_per_token</c>, ...), limits and <c>supports_...</c> flags. Fields that say nothing about these are passed over.
/// </summary>
/// <remarks>Reads model by model: of the file no more is in memory than its largest entry.</remarks>
public static class PriceBookReader
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const long MaxFileBytes = 32 * 1024 * 1024;

    private const int FirstBuffer = 64 * 1024;
    private const int MaxEntryBytes = 1024 * 1024;
    private const int MaxFaults = 50;

    // A description of the fields, in the place of a model.
    private const string Example = "sample_spec";

    /// <summary>Reads a file; a book, or what is wrong with it. Nothing of a file with a fault is used.</summary>
    public static PriceBookReading Read(Stream file) => ReadAsync(file, isAsync: false, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Reads a file as <see cref="Read"/> does.</summary>
    public static Task<PriceBookReading> ReadAsync(Stream file, CancellationToken cancellationToken) => ReadAsync(file, isAsync: true, cancellationToken);

    private static async Task<PriceBookReading> ReadAsync(Stream file, bool isAsync, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var models = new ModelCollector(MaxFaults);
            var state = default(JsonReaderState);
            var (used, total, isFinal) = (0, 0L, false);
            while (true)
            {
                if (!isFinal)
                {
                    if (used == buffer.Length)
                    {
                        if (used >= MaxEntryBytes) return models.Refuse("", "", "an entry is larger than 1 MB");
                        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                        buffer.AsSpan(0, used).CopyTo(larger);
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = larger;
                    }
                    var read = isAsync ? await file.ReadAsync(buffer.AsMemory(used), cancellationToken) : file.Read(buffer, used, buffer.Length - used);
                    isFinal = read == 0;
                    used += read;
                    if ((total += read) > MaxFileBytes) return models.Refuse("", "", "the file is larger than 32 MB");
                }
                var start = total == used && used >= 3 && buffer.AsSpan(0, 3).SequenceEqual((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
                var taken = start + Take(buffer.AsSpan(start, used - start), isFinal, ref state, models);
                buffer.AsSpan(taken, used - taken).CopyTo(buffer);
                used -= taken;
                if (models.IsRefused || isFinal) return models.Finish();
            }
        }
        catch (JsonException e)
        {
            return new(null, [new("", "", $"the file is no valid JSON at line {e.LineNumber + 1}")]);
        }
        catch (InvalidOperationException)
        {
            // Valid JSON with a text that is none: half a surrogate pair, or bytes that are no UTF-8.
            return new(null, [new("", "", "the file holds text that is no Unicode")]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Takes the models that are there as a whole; returns the bytes that are done with.
    private static int Take(ReadOnlySpan<byte> bytes, bool isFinal, ref JsonReaderState state, ModelCollector models)
    {
        var reader = new Utf8JsonReader(bytes, isFinal, state);
        var done = 0;
        while (!models.IsRefused)
        {
            var probe = reader;
            if (!probe.Read()) break;
            switch (probe.TokenType)
            {
                case JsonTokenType.StartObject when probe.CurrentDepth == 0:
                case JsonTokenType.EndObject:
                    break;
                case JsonTokenType.PropertyName:
                    var name = probe.GetString()!;
                    if (!probe.Read() || !IsWhole(probe)) goto end;
                    if (name == Example) _ = probe.TrySkip();
                    else if (probe.TokenType != JsonTokenType.StartObject)
                    {
                        models.Refuse(name, "", "is an object");
                        goto end;
                    }
                    else models.Add(name, ref probe);
                    break;
                default:
                    models.Refuse("", "", "the file is an object whose members are models");
                    goto end;
            }
            reader = probe;
            done = (int)reader.BytesConsumed;
            state = reader.CurrentState;
        }
    end:
        return done;
    }

    private static bool IsWhole(Utf8JsonReader reader) => reader.TrySkip();
}

/// <summary>What a price file gave.</summary>
/// <param name="Book">The book; null = the file was refused.</param>
/// <param name="Faults">What is wrong, at most 50; empty = nothing.</param>
public sealed record PriceBookReading(PriceBook? Book, IReadOnlyList<PriceBookFault> Faults);

/// <summary>Something wrong in a price file.</summary>
/// <param name="Model">Key of the model; empty = the file as a whole.</param>
/// <param name="Field">The field; empty = the model as a whole.</param>
/// <param name="Message">What it must be.</param>
public sealed record PriceBookFault(string Model, string Field, string Message)
{
    /// <summary>As one sentence without a full stop.</summary>
    public override string ToString() => (Model, Field) switch
    {
        ("", _) => Message,
        (_, "") => $"{Model}: {Message}",
        _ => $"{Model}: {Field} {Message}",
    };
}
