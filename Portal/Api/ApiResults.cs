using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Api;

/// <summary>Results of commands and queries as HTTP answers.</summary>
internal static class ApiResults
{
    /// <summary>200 with the value, or the problem.</summary>
    public static async Task<IResult> Ok<T>(this Task<Result<T>> task)
    {
        var result = await task;
        return result.Failure is { } failure ? ApiProblems.From(failure) : TypedResults.Ok(result.Value);
    }

    /// <summary>201 with the value and its address, or the problem.</summary>
    public static async Task<IResult> Created<T>(this Task<Result<T>> task, Func<T, string> address)
    {
        var result = await task;
        return result.Failure is { } failure ? ApiProblems.From(failure) : TypedResults.Created(address(result.Value), result.Value);
    }

    /// <summary>204, or the problem.</summary>
    public static async Task<IResult> NoContent(this Task<Result<Done>> task)
    {
        var result = await task;
        return result.Failure is { } failure ? ApiProblems.From(failure) : TypedResults.NoContent();
    }

    /// <summary>Says in the document what an operation answers.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, string name, int status = StatusCodes.Status200OK) =>
        route.WithName(name).Produces<T>(status).WithProblems();

    /// <summary>Says in the document that an operation answers without a body.</summary>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder route, string name) =>
        route.WithName(name).Produces(StatusCodes.Status204NoContent).WithProblems();

    private static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder route) => route
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}
