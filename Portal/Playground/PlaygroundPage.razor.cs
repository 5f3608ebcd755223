using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Requests;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;

namespace AspireGateway.Portal.Playground;

/// <summary>Asks one model or two, and shows their answers as they come. Models are in the address; what is asked and said is in this circuit only.</summary>
public sealed partial class PlaygroundPage
{
    // Often enough to look like typing, seldom enough that a fast model does not fill the circuit.
    private static readonly TimeSpan Draw = TimeSpan.FromMilliseconds(80);

    // An answer without its last line has its cost in the usage record, which arrives a little later.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500), LookNoMore = TimeSpan.FromSeconds(20);

    private readonly FormFaults faults = new();
    private IReadOnlyList<PlaygroundAnswer> answers = [];
    private CancellationTokenSource? running;
    private string? message, system;
    private decimal? temperature;
    private int? tokens;
    private bool looking;

    /// <summary>The team that pays; null = the first.</summary>
    [SupplyParameterFromQuery(Name = "team")] public Guid? TeamId { get; set; }

    /// <summary>The model to ask; null = the team's default, else the first.</summary>
    [SupplyParameterFromQuery(Name = "model")] public string? Model { get; set; }

    /// <summary>The model to compare it with; null = none.</summary>
    [SupplyParameterFromQuery(Name = "with")] public string? With { get; set; }

    [Inject] private PlaygroundQuery Query { get; set; } = null!;

    [Inject] private PlaygroundKeys Keys { get; set; } = null!;

    [Inject] private PlaygroundGateway Gateway { get; set; } = null!;

    [Inject] private RequestsQuery Requests { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    private bool IsRunning => running is not null;

    /// <inheritdoc />
    protected override Task<Result<PlaygroundChoices>> LoadAsync(Actor actor, CancellationToken cancellationToken) => Query.RunAsync(actor, cancellationToken);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        // Nobody reads the answers any more: what is not said yet need not be paid for.
        if (disposing) running?.Cancel();
        base.Dispose(disposing);
    }

    private IReadOnlyList<string> Usable(PlaygroundChoices data) => data.Team(TeamId)?.Usable(data.Models) ?? [];

    private string? First(PlaygroundChoices data) => !string.IsNullOrEmpty(Model) ? Model : Usable(data) is [var first, ..] ? first : null;

    // Another team may use other models.
    private void Choose(string name, string? value)
    {
        faults.Clear();
        var query = new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = string.IsNullOrEmpty(value) ? null : value };
        if (name == "team") (query["model"], query["with"]) = (null, null);
        if (name == "model" && value == With) query["with"] = null;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query), replace: true);
    }

    private void Stop() => running?.Cancel();

    private async Task AskAsync()
    {
        if (IsRunning || State.Data is not { } data || !Check(data, out var team, out var models)) return;
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(PageLeft);
        running = mine;
        try
        {
            var secret = await Commands.RunAsync(actor => Keys.OpenAsync(actor, team.Id, mine.Token), mine.Token);
            if (secret.Failure is { } failure)
            {
                faults.Take(failure, new Dictionary<string, string>(StringComparer.Ordinal));
                return;
            }
            answers = [.. models.Select(m => new PlaygroundAnswer(m))];
            await DrawUntilAsync(Task.WhenAll(answers.Select(answer => Gateway.AskAsync(secret.Value, QuestionFor(answer.Model), answer, mine.Token)).ToList()));
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // Stopped before anything was sent.
        }
        finally
        {
            running = null;
        }
        if (!PageLeft.IsCancellationRequested) await LookUpCostsAsync(answers);
    }

    private bool Check(PlaygroundChoices data, out TeamChoice team, out IReadOnlyList<string> models)
    {
        faults.Clear();
        team = data.Team(TeamId)!;
        models = [.. new[] { First(data), With }.OfType<string>().Where(m => m.Length > 0).Distinct(StringComparer.Ordinal)];
        var usable = Usable(data);
        if (team is null) faults.Set("team", "You may not ask for this team. Choose another one.");
        else if (First(data) is not { } first) faults.Set("model", $"{team.Name} may use none of the models. Its lead or an admin can change that.");
        else
        {
            if (!usable.Contains(first, StringComparer.Ordinal)) faults.Set("model", $"{team.Name} has no such model. Choose another one.");
            if (!string.IsNullOrEmpty(With) && !usable.Contains(With, StringComparer.Ordinal)) faults.Set("with", $"{team.Name} has no such model. Choose another one.");
        }
        if (string.IsNullOrWhiteSpace(message)) faults.Set("message", "Write a message first.");
        return ((string[])["team", "model", "with", "message"]).All(f => faults.Of(f) is null);
    }

    private PlaygroundQuestion QuestionFor(string model) => new()
    {
        Model = model, Message = Bounded(message), System = Bounded(system).Trim(), Temperature = temperature, MaxTokens = tokens ?? PlaygroundQuestion.UsualMaxTokens,
    };

    // The browser's own bound can be taken away by whoever sits before it.
    private static string Bounded(string? text) => text is null ? "" : text.Length <= PlaygroundQuestion.MaxText ? text : text[..PlaygroundQuestion.MaxText];

    private async Task DrawUntilAsync(Task all)
    {
        using var timer = new PeriodicTimer(Draw, Clock);
        while (!all.IsCompleted)
        {
            StateHasChanged();
            await Task.WhenAny(all, timer.WaitForNextTickAsync().AsTask());
        }
        await all;
    }

    private async Task LookUpCostsAsync(IReadOnlyList<PlaygroundAnswer> those)
    {
        var pending = those.Where(a => a is { CostNanoUsd: null, RecordId: not null, Stage: not PlaygroundStage.Refused }).ToList();
        if (pending.Count == 0) return;
        looking = true;
        StateHasChanged();
        try
        {
            using var timer = new PeriodicTimer(LookAgain, Clock);
            var begin = Clock.GetTimestamp();
            // A new question makes the old answers' costs idle.
            while (pending.Count > 0 && answers == those && Clock.GetElapsedTime(begin) < LookNoMore && await timer.WaitForNextTickAsync(PageLeft))
            {
                foreach (var answer in pending.ToList())
                {
                    var found = await Commands.RunAsync(actor => Requests.OneAsync(actor, answer.RecordId!.Value, PageLeft), PageLeft);
                    if (found.Failure is not null) continue;
                    answer.Take(found.Value.Request);
                    pending.Remove(answer);
                }
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        finally
        {
            if (answers == those) looking = false;
        }
    }
}
